using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Estimate;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.Cli.Verbs;

/// <summary>Tells how much memory a model will take, before it is loaded.</summary>
internal sealed class EstimateVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "estimate", "Models", "Tells how much memory running a model takes, part by part, and whether it fits. Reads no weights.",
        [
            "octavo estimate smollm2-135m-instruct",
            "octavo estimate path/to/model.gguf --context 4096 --batch 8 --kv q8",
            "octavo estimate path/to/config.json --type Q4_K --json",
        ],
        () => new EstimateVerb());

    // what matrices of a model may be stored as; the others of GGUF are parts of products
    // made when asked for: help lists verbs without the assembly that the types are in
    private static TensorType[] Types =>
    [
        TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q6_K, TensorType.Q5_K, TensorType.Q5_1, TensorType.Q5_0,
        TensorType.Q4_K, TensorType.Q4_1, TensorType.Q4_0, TensorType.Q3_K, TensorType.Q2_K, TensorType.IQ4_NL, TensorType.IQ4_XS,
        TensorType.MXFP4, TensorType.TQ1_0, TensorType.TQ2_0,
    ];

    private readonly Argument<string?> _positional = Options.OptionalText(
        "MODEL", "Folder, weights file or id; or a config.json, which needs no weights.");
    private readonly Option<string?> _model = Options.Model("The same as MODEL.");
    private readonly Option<string?> _type = Options.Text(
        "--type", "TYPE", "What if the matrices were converted: Q4_K, Q8_0, F16 …; as they are stored by default, BF16 where there are none.");
    private readonly Option<string?> _batch = Options.Whole("--batch", "Sequences at once, each with the whole context; 1 by default.");
    private readonly EngineFlags _engine = new();
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_positional, _model, _type, _batch, .. _engine.MemorySymbols, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var (positional, option) = (parsed.GetValue(_positional), parsed.GetValue(_model));
        if (positional is not null && option is not null)
            throw new ConfigException("the model was given twice; give MODEL or --model.");
        var type = TypeNames.Read("--type", parsed.GetValue(_type), Types);
        var engine = _engine.Read(parsed);
        var batch = parsed.Whole(_batch) ?? 1;
        using var model = Estimation.Open(Installation.Models.Resolve(Required.Model(positional ?? option)), type);
        var estimate = model.Run(engine, batch);
        var free = FreeMemory.Read();
        var verdict = Verdict.Of(estimate, free, change => model.Run(
            engine with { ContextLength = change.Context ?? engine.ContextLength, KvType = change.Kv ?? engine.KvType },
            change.Batch ?? batch, change.Type));
        var report = new EstimateReport(model, estimate, engine.Threads ?? Environment.ProcessorCount, free, verdict);
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, report.WriteJson);
        else
            report.WriteText(terminal);
        return 0;
    }
}
