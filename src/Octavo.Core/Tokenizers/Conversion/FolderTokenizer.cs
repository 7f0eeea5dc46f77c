using System.Text.Json;
using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>The tokenizer of a folder, with what its files say that the tokenizer does not tell.</summary>
internal sealed class FolderTokenizer : IDisposable
{
    private readonly JsonDocument? _document;
    private readonly TokenizerConfig? _config;

    private FolderTokenizer(string folder)
    {
        Folder = folder;
        if (TokenizerReader.SentencePieceFileOf(folder) is { } model)
        {
            File = model;
            Proto = SentencePieceProto.Read(SentencePieceFile.ReadBytes(model), model);
            Tokenizer = SentencePieceFile.Read(model);
            _config = TokenizerConfig.Open(model);
            return;
        }
        File = Path.Combine(folder, "tokenizer.json");
        _document = JsonFile.Open(File);
        _config = TokenizerConfig.Open(File);
        Json = new JsonValue(_document.RootElement, File, "$");
        Tokenizer = TokenizerJson.Read(Json.Value, _config);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The tokenizer's file.</summary>
    public string File { get; }

    /// <summary>What the reader makes of it.</summary>
    public VocabularyTokenizer Tokenizer { get; }

    public Vocabulary Vocabulary => Tokenizer.Vocabulary;

    /// <summary>The content of tokenizer.json, or null where the folder has a SentencePiece model.</summary>
    public JsonValue? Json { get; }

    /// <summary>The content of a SentencePiece model, or null where the folder has tokenizer.json.</summary>
    public SentencePieceProto? Proto { get; }

    public static FolderTokenizer Open(string folder) => new(folder);

    /// <summary>The token that tokenizer_config.json has under a key, or null.</summary>
    public int? NamedId(string key) => _config?.NamedId(key, Vocabulary, Path.GetFileName(File));

    /// <summary>The error that something cannot be said in a GGUF file.</summary>
    /// <param name="what">What, as a sentence without its end.</param>
    /// <param name="advice">What to do, as a sentence.</param>
    public UnsupportedException Refused(string what, string advice) => new($"{File}: {what}. {advice}");

    public void Dispose()
    {
        _document?.Dispose();
        _config?.Dispose();
    }
}
