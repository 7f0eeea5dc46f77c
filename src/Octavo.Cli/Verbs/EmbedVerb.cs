using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.AI;
using Octavo.Cli.CommandLine;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;

namespace Octavo.Cli.Verbs;

/// <summary>Gives the embedding of texts.</summary>
internal sealed class EmbedVerb : Verb
{
    public static readonly VerbEntry Entry = new(
        "embed", "Text", "Gives the embedding of a text, or of each line of a file.",
        [
            "octavo embed --model all-MiniLM-L6-v2 --json \"A dog runs along the beach.\"",
            "octavo embed --model all-MiniLM-L6-v2 --file lines.txt --json",
        ],
        () => new EmbedVerb());

    private readonly Option<string?> _model = Options.Model("Folder, .gguf file or id of a sentence encoder.");
    private readonly Argument<string?> _text = Options.OptionalText("TEXT", "The text; standard input where neither it nor --file is given.");
    private readonly Option<string?> _file = Options.Text("--file", "FILE", "A file with a text on each line.");
    private readonly Option<string?> _pooling = Options.Text("--pooling", "NAME", "How the tokens' rows become one: mean, cls, last or max; what the model says by default.");
    private readonly Option<string?> _truncate = Options.Flag("--truncate", "Cuts texts that are too long; they are refused otherwise.");
    private readonly EngineFlags _engine = new();
    private readonly Option<string?> _json = Options.Json();

    public override IEnumerable<Symbol> Symbols => [_text, _model, _file, _pooling, _truncate, .. _engine.Symbols, _json];

    public override int Run(ParseResult parsed, Terminal terminal, Interrupts interrupts)
    {
        var (text, file) = (parsed.GetValue(_text), parsed.GetValue(_file));
        if (text is not null && file is not null)
            throw new ConfigException("give either a text or --file.");
        var engine = _engine.Read(parsed);
        var path = Installation.Models.Resolve(Required.Model(parsed.GetValue(_model)));
        var pooling = Read(parsed.GetValue(_pooling));
        string[] texts = file is not null
            ? InputFile.ReadText(file).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')
            : [text ?? InputFile.ReadStandardInput(terminal)];
        if (texts is [""])
            throw new ConfigException("there is no text to embed; give one, or a --file with a text on each line.");
        using var encoder = TextEncoder.Load(path, engine);
        var settings = SentenceSettings.Read(encoder.Model.Checkpoint);
        if (pooling is { } given)
            settings = (settings ?? new SentenceSettings(given, Normalize: true)) with { Pooling = given };
        using var generator = new OctavoEmbeddingGenerator(encoder, settings);
        var options = new EmbeddingGenerationOptions
        {
            AdditionalProperties = new() { [OctavoEmbeddingGenerator.Truncate] = parsed.Has(_truncate) },
        };
        var embeddings = generator.GenerateAsync(texts, options, interrupts.Token).GetAwaiter().GetResult();
        Write(parsed.Has(_json), terminal, [.. embeddings.Select(embedding => embedding.Vector.ToArray())], single: file is null);
        return 0;
    }

    private static void Write(bool isJson, Terminal terminal, IReadOnlyList<float[]> embeddings, bool single)
    {
        if (!isJson)
        {
            foreach (var embedding in embeddings)
                terminal.Out.WriteLine(string.Join(' ', embedding.Select(number => number.ToString("G9", CultureInfo.InvariantCulture))));
            return;
        }
        JsonText.WriteLine(terminal.Out, json =>
        {
            if (single)
            {
                WriteNumbers(embeddings[0], "embedding");
                return;
            }
            json.WriteStartArray("embeddings");
            foreach (var embedding in embeddings)
                WriteNumbers(embedding, null);
            json.WriteEndArray();

            void WriteNumbers(float[] numbers, string? name)
            {
                if (name is null)
                    json.WriteStartArray();
                else
                    json.WriteStartArray(name);
                foreach (var number in numbers)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
            }
        });
    }

    private static Pooling? Read(string? name) => name switch
    {
        null => null,
        "mean" => Pooling.Mean,
        "cls" => Pooling.Cls,
        "last" => Pooling.Last,
        "max" => Pooling.Max,
        _ => throw new ConfigException($"--pooling is '{name}'; give mean, cls, last or max."),
    };
}
