using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Conversions;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Tensors;
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
    private readonly Option<string?> _type = Options.Text(
        "--type", "TYPE", "How matrices are stored: f32, f16, bf16, q8_0, q6_k, q5_1, q5_0, q4_k, q4_1, q4_0 …; a folder takes f32, f16 or bf16. As they are by default.");
    private readonly Option<string?> _embeddings = Options.Text(
        "--embeddings", "TYPE", "How the embedding table and the head of a .gguf file are stored; as the other matrices by default.");
    private readonly Option<string?> _overwrite = Options.Flag("--overwrite", "Replaces the file or the model's folder that is there.");
    private readonly Option<string?> _noVerify = Options.Flag("--no-verify", "Leaves out reading the result again and comparing what both models compute.");
    private readonly Option<string?> _text = Options.Text("--text", "FILE", "The text that both models are compared on, up to 256 tokens; one of Octavo's own by default.");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that convert and compute; all processors by default.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_source, _destination, _type, _embeddings, _overwrite, _noVerify, _text, _threads, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (parsed.GetValue(_source) is not { } given || parsed.GetValue(_destination) is not { } destination)
            throw new ConfigException("give a SOURCE and a DESTINATION.");
        if (parsed.Has(_noVerify) && parsed.GetValue(_text) is not null)
            throw new ConfigException("--text has no effect with --no-verify, which compares nothing; leave it out.");
        if (given.Length == 0 || destination.Length == 0)
            throw new ConfigException("SOURCE or DESTINATION is empty; give a path.");
        var format = destination.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? ModelFormat.Gguf : ModelFormat.Hub;
        var (type, embeddings) = (ReadType("--type", parsed.GetValue(_type)), ReadType("--embeddings", parsed.GetValue(_embeddings)));
        var text = parsed.GetValue(_text) is { } file ? InputFile.ReadText(file) : SampleText.English;
        var threads = parsed.Whole(_threads);
        if (threads is < 1)
            throw new ConfigException($"--threads is {threads}; give at least 1.");
        if (string.IsNullOrWhiteSpace(text))
            throw new ConfigException("--text: the file holds no text; give one with some sentences, or leave it out.");
        using var status = new StatusLine(terminal, !parsed.Has(_json));
        using var source = Checkpoint.Open(Installation.Models.Resolve(given));
        var plan = ModelConversion.Plan(source, format, type, embeddings);
        var how = new WriteOptions { Overwrite = parsed.Has(_overwrite), MaxThreads = threads, CancellationToken = interrupts.Token };
        var found = new Findings();
        Action<string>? check = parsed.Has(_noVerify)
            ? null
            : aside => found = Verification.Run(source, plan, aside, text, threads, status, interrupts.Token);
        var (notes, time) = Writing.Run(plan, destination, how, check, status);
        var report = new ConversionReport(source, plan, destination, [.. notes, .. found.Notes], time, found);
        status.Clear();
        if (parsed.Has(_json))
            JsonText.WriteIndented(terminal.Out, report.Write);
        else
            report.Write(terminal);
        return 0;
    }

    // what is known but cannot be written is refused by the conversion, with what the format has
    private static TensorType? ReadType(string option, string? name) =>
        TypeNames.Read(option, name, Enum.GetValues<TensorType>(), ModelConversion.Types(ModelFormat.Gguf));
}
