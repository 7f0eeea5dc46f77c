using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Conversions;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Core.Tensors;
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
    private readonly Option<string?> _type = Options.Text(
        "--type", "TYPE", "How matrices are stored: f32, f16, bf16, in a .gguf file also q8_0, q4_k …; as they are by default. Needed where they are quantized.");
    private readonly Option<string?> _embeddings = Options.Text(
        "--embeddings", "TYPE", "How the embedding table and the head of a .gguf file are stored; as the other matrices by default.");
    private readonly Option<string?> _overwrite = Options.Flag("--overwrite", "Replaces the file or the model's folder that is there.");
    private readonly Option<string?> _text = Options.Text("--text", "FILE", "The text that both are compared on, up to 256 tokens; one of Octavo's own by default.");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that convert and compute; all processors by default.");
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_model, _adapter, _output, _type, _embeddings, _overwrite, _text, _threads, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        if (parsed.GetValue(_model) is not { Length: > 0 } model || parsed.GetValue(_adapter) is not { Length: > 0 } path)
            throw new ConfigException("give a MODEL and an ADAPTER.");
        if (parsed.GetValue(_output) is not { Length: > 0 } destination)
            throw new ConfigException("there is no place for the result; give -o with a folder or a .gguf file.");
        var format = destination.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? ModelFormat.Gguf : ModelFormat.Hub;
        var (type, embeddings) = (ReadType("--type", parsed.GetValue(_type)), ReadType("--embeddings", parsed.GetValue(_embeddings)));
        var text = parsed.GetValue(_text) is { } file ? InputFile.ReadText(file) : SampleText.English;
        var threads = parsed.Whole(_threads);
        if (threads is < 1)
            throw new ConfigException($"--threads is {threads}; give at least 1.");
        if (string.IsNullOrWhiteSpace(text))
            throw new ConfigException("--text: the file holds no text; give one with some sentences, or leave it out.");
        using var status = new StatusLine(terminal, !parsed.Has(_json));
        using var source = Checkpoint.Open(Installation.Models.Resolve(model));
        var adapter = Adapter.Load(path, source.Model);
        var plan = ModelConversion.PlanMerge(source, adapter, format, type, embeddings);
        var how = new WriteOptions { Overwrite = parsed.Has(_overwrite), MaxThreads = threads, CancellationToken = interrupts.Token };
        var found = new Findings();
        var (notes, time) = Writing.Run(
            plan, destination, how, aside => found = Verification.Run(source, plan, aside, text, threads, status, interrupts.Token, adapter), status);
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

    private static TensorType? ReadType(string option, string? name) =>
        TypeNames.Read(option, name, Enum.GetValues<TensorType>(), ModelConversion.Types(ModelFormat.Gguf));
}
