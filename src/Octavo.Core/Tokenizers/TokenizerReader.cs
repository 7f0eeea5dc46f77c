using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers.Json;

namespace Octavo.Core.Tokenizers;

/// <summary>Reads tokenizers from the files that hold them.</summary>
public static class TokenizerReader
{
    /// <summary>Reads the tokenizer inside a GGUF file (<c>tokenizer.ggml.*</c>): kinds <c>gpt2</c> and <c>llama</c>.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <exception cref="UnsupportedException">A kind or a pre-tokenizer that is not supported, by name.</exception>
    /// <exception cref="InputFileException">The vocabulary breaks a rule; the message names the key and the entry.</exception>
    public static Tokenizer FromGguf(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return GgufTokenizers.Read(metadata);
    }

    /// <summary>
    /// Reads a byte-level BPE tokenizer from <c>tokenizer.json</c>, and the names of its first and last token from <c>tokenizer_config.json</c>
    /// beside it, where present. The file's <c>truncation</c> and <c>padding</c> are the caller's business and not applied.
    /// </summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="UnsupportedException">A component or a splitting pattern that is not supported, by name.</exception>
    /// <exception cref="InputFileException">The file is absent, too large or broken; the message names the place.</exception>
    public static Tokenizer FromJson(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TokenizerJson.Read(path);
    }
}
