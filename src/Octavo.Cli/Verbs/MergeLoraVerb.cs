using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Conversions;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Models;
using Octavo.Models.Adapters;

namespace Octavo.Cli.Verbs;

/// <summary>Adds a low-rank adapter to a model's matrices for good.</summary>
internal sealed class MergeLoraVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "merge-lora", "Models", "Adds an adapter to a model's matrices and writes the result as a model of its own.",
        [
            "octavo merge-lora path/to/model-folder path/to/adapter -o path/to/merged",
            "octavo merge-lora smollm2-135m-instruct path/to/adapter -o merged.gguf --type q8_0",
        ],
        () => new MergeLoraVerb());

    private readonly Argument<string?> _model = Options.OptionalText("MODEL", "Folder, .gguf or .safetensors file, or id: what the adapter was trained on.");
    private readonly Argument<string?> _adapter = Options.OptionalText("ADAPTER", "A folder with adapter_config.json and adapter_model.safetensors.");
    private readonly Option<string?> _output = Options.Text("--output", "PATH", "What to make: a .gguf file, or else a folder in the hub's layout.", "-o");
    private readonly ConversionFlags _flags = new(
        "How matrices are stored: f32, f16, bf16, in a .gguf file also q8_0, q4_k …; as they are by default. Needed where they are quantized.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_model, _adapter, _output, .. _flags.Symbols, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (parsed.GetValue(_model) is not { Length: > 0 } model || parsed.GetValue(_adapter) is not { Length: > 0 } path)
            throw new ConfigException("give a MODEL and an ADAPTER.");
        if (parsed.GetValue(_output) is not { Length: > 0 } destination)
            throw new ConfigException("there is no place for the result; give -o with a folder or a .gguf file.");
        var order = _flags.Read(parsed, destination, interrupts.Token);
        using var status = new StatusLine(terminal, !parsed.Has(_json));
        using var source = Checkpoint.Open(Installation.Models.Resolve(model));
        var adapter = Adapter.Load(path, source.Model);
        var plan = ModelConversion.PlanMerge(source, adapter, order.Format, order.Type, order.Embeddings);
        var found = new Findings();
        var (notes, time) = Writing.Run(
            plan, destination, order.How,
            aside => found = Verification.Run(source, plan, aside, order.Text, order.How.MaxThreads, status, interrupts.Token, adapter), status);
        if (adapter.DoubtAbout(source) is { } doubt)
            notes = [doubt, .. notes];
        var report = new ConversionReport(source, plan, destination, [.. notes, .. found.Notes], time, found);
        status.Clear();
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, report.Write);
        else
            report.Write(terminal);
        return 0;
    }
}
