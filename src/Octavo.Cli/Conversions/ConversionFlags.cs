using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.Cli.Conversions;

/// <summary>The options of verbs that write a checkpoint: types, what it is compared on, whether it may replace one.</summary>
/// <param name="type">What <c>--type</c> does, in the words of the verb.</param>
internal sealed class ConversionFlags(string type)
{
    private readonly Option<string?> _type = Options.Text("--type", "TYPE", type);
    private readonly Option<string?> _embeddings = Options.Text(
        "--embeddings", "TYPE", "How the embedding table and the head of a .gguf file are stored; as the other matrices by default.");
    private readonly Option<string?> _overwrite = Options.Flag("--overwrite", "Replaces the file or the model's folder that is there.");
    private readonly Option<string?> _text = Options.Text(
        "--text", "FILE", "The text that both models are compared on, up to 256 tokens; one of Octavo's own by default.");
    private readonly Option<string?> _threads = Options.Whole("--threads", "Threads that convert and compute; all processors by default.");

    public IEnumerable<Symbol> Symbols => [_type, _embeddings, _overwrite, _text, _threads];

    /// <summary>Whether a text to compare on was given.</summary>
    public bool HasText(ParseResult parsed) => parsed.GetValue(_text) is not null;

    /// <summary>Reads them for what is to be made.</summary>
    /// <exception cref="ConfigException">One of them is wrong.</exception>
    public ConversionOrder Read(ParseResult parsed, string destination, CancellationToken cancellationToken)
    {
        var format = destination.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? ModelFormat.Gguf : ModelFormat.Hub;
        var (matrices, embeddings) = (ReadType("--type", parsed.GetValue(_type)), ReadType("--embeddings", parsed.GetValue(_embeddings)));
        var text = parsed.GetValue(_text) is { } file ? InputFile.ReadText(file) : SampleText.English;
        var threads = parsed.Whole(_threads);
        if (threads is < 1)
            throw new ConfigException($"--threads is {threads}; give at least 1.");
        if (string.IsNullOrWhiteSpace(text))
            throw new ConfigException("--text: the file holds no text; give one with some sentences, or leave it out.");
        return new ConversionOrder(destination, format, matrices, embeddings, text, new WriteOptions
        {
            Overwrite = parsed.Has(_overwrite), MaxThreads = threads, CancellationToken = cancellationToken,
        });
    }

    // what is known but cannot be written is refused by the conversion, with what the format has
    private static TensorType? ReadType(string option, string? name) =>
        TypeNames.Read(option, name, Enum.GetValues<TensorType>(), ModelConversion.Types(ModelFormat.Gguf));
}

/// <summary>What is to be written, and how.</summary>
/// <param name="Destination">The file or folder.</param>
/// <param name="Format">By the destination's name.</param>
/// <param name="Type">How matrices are stored; null keeps their types.</param>
/// <param name="Embeddings">The same for the table and the head of a GGUF file.</param>
/// <param name="Text">What both models are compared on.</param>
/// <param name="How">Threads, overwriting, cancellation.</param>
internal sealed record ConversionOrder(
    string Destination, ModelFormat Format, TensorType? Type, TensorType? Embeddings, string Text, WriteOptions How);
