using Octavo.Core.Gguf;

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

    /// <summary>Reads <c>tokenizer.json</c> (with <c>tokenizer_config.json</c> beside it, where present).</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    public static Tokenizer FromJson(string path) => throw new UnsupportedException(path);
}
