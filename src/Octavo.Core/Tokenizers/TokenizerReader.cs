using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Json;
using Octavo.Core.Tokenizers.SentencePiece;

namespace Octavo.Core.Tokenizers;

/// <summary>Reads tokenizers from the files that hold them.</summary>
public static class TokenizerReader
{
    private const string JsonName = "tokenizer.json";

    private static ReadOnlySpan<string> ModelNames => new[] { "tokenizer.model", "spiece.model", "sentencepiece.model" };

    /// <summary>Reads the tokenizer inside a GGUF file (<c>tokenizer.ggml.*</c>): kinds <c>bert</c>, <c>gpt2</c>, <c>llama</c>
    /// and
    /// <c>t5</c>. Pieces of kind <c>bert</c> are spelt as WordPiece has them, with ## inside words.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <exception cref="UnsupportedException">A kind or a pre-tokenizer that is not supported, by name.</exception>
    /// <exception cref="InputFileException">The vocabulary breaks a rule; the message names the key and the entry.</exception>
    public static Tokenizer FromGguf(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return GgufTokenizers.Read(metadata);
    }

    /// <summary>
    /// Reads a tokenizer from <c>tokenizer.json</c>, and the names of its first and last token from
    /// <c>tokenizer_config.json</c> beside it, where present. The file's <c>truncation</c> and <c>padding</c> become
    /// <see cref="Tokenizer.InputDefaults"/>; of a <c>stride</c>, which concerns parts that are cut off, nothing is kept, for
    /// these are not given out.
    /// </summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="UnsupportedException">A component that is not supported, by name.</exception>
    /// <exception cref="InputFileException">The file is absent, larger than 64 MiB or broken; the message names the
    /// place.</exception>
    public static Tokenizer FromJson(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TokenizerJson.Read(path);
    }

    /// <summary>
    /// Reads a SentencePiece model (unigram or BPE). What stands around texts is in no such file: it is taken from the class
    /// and the switches in <c>tokenizer_config.json</c> beside it, where present, and else nothing does.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UnsupportedException">The model is of another kind, or <c>tokenizer_config.json</c> names a class that
    /// is not supported.</exception>
    /// <exception cref="InputFileException">The file is absent, larger than 64 MiB or broken; the message names the
    /// place.</exception>
    public static Tokenizer FromSentencePiece(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SentencePieceFile.Read(path);
    }

    /// <summary>Reads the tokenizer of a folder: <c>tokenizer.json</c> where it has one, else a SentencePiece model by one of
    /// its usual names.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="UnsupportedException">Something that is not supported, by name.</exception>
    /// <exception cref="InputFileException">The folder has neither, or the file is broken.</exception>
    public static Tokenizer FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return SentencePieceFileOf(folder) is { } model ? FromSentencePiece(model) : FromJson(folder);
    }

    /// <summary>The SentencePiece model that <see cref="FromFolder"/> takes, or null where it takes tokenizer.json.</summary>
    internal static string? SentencePieceFileOf(string folder)
    {
        if (File.Exists(Path.Combine(folder, JsonName)))
            return null;
        foreach (var name in ModelNames)
        {
            if (File.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        }
        return null;
    }
}
