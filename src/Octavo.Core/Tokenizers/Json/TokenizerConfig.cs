using System.Text.Json;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>The file tokenizer_config.json beside a tokenizer's file.</summary>
internal sealed class TokenizerConfig : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "tokenizer_config.json";

    private readonly JsonDocument _document;

    private TokenizerConfig(JsonDocument document, string path)
    {
        _document = document;
        Root = new JsonValue(document.RootElement, path, "$");
    }

    /// <summary>The file's content.</summary>
    public JsonValue Root { get; }

    /// <summary>Opens the file, or gives null where there is none.</summary>
    /// <param name="tokenizer">The tokenizer's file.</param>
    public static TokenizerConfig? Open(string tokenizer)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(tokenizer))!, FileName);
        return File.Exists(path) ? new TokenizerConfig(JsonFile.Open(path), path) : null;
    }

    /// <summary>Reads the file's content from memory.</summary>
    /// <param name="content">The content.</param>
    /// <param name="path">What to call it in messages.</param>
    public static TokenizerConfig Parse(ReadOnlyMemory<byte> content, string path) => new(JsonFile.Parse(content, path), path);

    /// <summary>The id of the token under a key, or null where the key is absent; named by its text, or by an object with the text under
    /// <c>content</c>.</summary>
    public int? NamedId(string key, Vocabulary vocabulary, string vocabularyFile)
    {
        if (Root.Optional(key) is not { } named)
            return null;
        var text = (named.Element.ValueKind == JsonValueKind.Object ? named.Required("content") : named).Text();
        var id = vocabulary.Id(text);
        return id >= 0 ? id : throw named.Wrong($"is '{text}', which {vocabularyFile} does not have");
    }

    public void Dispose() => _document.Dispose();
}
