using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Conversions;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Models;

namespace Octavo.Cli.Verbs;

/// <summary>Turns a checkpoint into another format or other types.</summary>
internal sealed class ConvertVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "convert", "Models", "Turns a checkpoint into GGUF or the hub's layout, quantizes it, and compares the results.",
        [
            "octavo convert path/to/model-folder model.gguf --type q4_k",
            "octavo convert smollm2-135m-instruct path/to/folder --type f32",
            "octavo convert model-f16.gguf model-q8_0.gguf --type q8_0 --json",
        ],
        () => new ConvertVerb());

    private readonly Argument<string?> _source = Options.OptionalText("SOURCE", "Folder, .gguf, .safetensors, .bin, .pt or .pth file, or id.");
    private readonly Argument<string?> _destination = Options.OptionalText(
        "DESTINATION", "What to make: a .gguf file, or else a folder in the hub's layout.");
    private readonly ConversionFlags _flags = new(
        "How matrices are stored: f32, f16, bf16, q8_0, q6_k, q5_1, q5_0, q4_k, q4_1, q4_0 …; a folder takes f32, f16 or bf16. As they are by default.");
    private readonly Option<string?> _noVerify = Options.Flag("--no-verify", "Leaves out reading the result again and comparing what both models compute.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_source, _destination, .. _flags.Symbols, _noVerify, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (parsed.GetValue(_source) is not { } given || parsed.GetValue(_destination) is not { } destination)
            throw new ConfigException("give a SOURCE and a DESTINATION.");
        if (parsed.Has(_noVerify) && _flags.HasText(parsed))
            throw new ConfigException("--text has no effect with --no-verify, which compares nothing; leave it out.");
        if (given.Length == 0 || destination.Length == 0)
            throw new ConfigException("SOURCE or DESTINATION is empty; give a path.");
        var order = _flags.Read(parsed, destination, interrupts.Token);
        using var status = new StatusLine(terminal, !parsed.Has(_json));
        using var source = Checkpoint.Open(Installation.Models.Resolve(given));
        var plan = ModelConversion.Plan(source, order.Format, order.Type, order.Embeddings);
        var found = new Findings();
        Action<string>? check = parsed.Has(_noVerify)
            ? null
            : aside => found = Verification.Run(source, plan, aside, order.Text, order.How.MaxThreads, status, interrupts.Token);
        var (notes, time) = Writing.Run(plan, destination, order.How, check, status);
        var report = new ConversionReport(source, plan, destination, [.. notes, .. found.Notes], time, found);
        status.Clear();
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, report.Write);
        else
            report.Write(terminal);
        return 0;
    }
}
