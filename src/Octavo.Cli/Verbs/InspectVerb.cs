using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Inspect;
using Octavo.Cli.Output;
using Octavo.Core;

namespace Octavo.Cli.Verbs;

/// <summary>Tells what a checkpoint is, from its headers.</summary>
internal sealed class InspectVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "inspect", "Models", "Tells what a checkpoint is: configuration, tensors, template, memory. Reads no weights.",
        [
            "octavo inspect smollm2-135m-instruct",
            "octavo inspect path/to/model.gguf --json",
        ],
        () => new InspectVerb());

    private readonly Argument<string?> _positional = Options.OptionalText("MODEL", "Folder, .gguf, .safetensors, .bin, .pt or .pth file, or id.");
    private readonly Option<string?> _model = Options.Model("The same as MODEL.");
    private readonly Option<string?> _tensors = Options.Flag("--tensors", "Lists every tensor instead of one line for the same one of all layers.");
    private readonly Option<string?> _json = Options.Flag("--json", "Writes everything as JSON, every tensor included.");

    public override IEnumerable<Symbol> Symbols => [_positional, _model, _tensors, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var (positional, option) = (parsed.GetValue(_positional), parsed.GetValue(_model));
        if (positional is not null && option is not null)
            throw new ConfigException("the model was given twice; give MODEL or --model.");
        if (parsed.Has(_tensors) && parsed.Has(_json))
            throw new ConfigException("--tensors has no effect with --json, which lists every tensor; leave it out.");
        using var inspection = Inspection.Open(Installation.Models.Resolve(Required.Model(positional ?? option)));
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, json => InspectionJson.Write(inspection, json));
        else
            InspectionText.Write(inspection, terminal, parsed.Has(_tensors));
        return 0;
    }
}
