namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>The pre-tokenizers by the names that GGUF files give them and by the patterns that tokenizer.json spells out.</summary>
internal static class KnownPreTokenizers
{
    private const string Names = "glm4, gpt-2, llama-bpe, olmo, qwen2, smollm";

    /// <summary>The stages behind a name in <c>tokenizer.ggml.pre</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="place">File and key, for messages.</param>
    /// <exception cref="UnsupportedException">The name is not known.</exception>
    public static Scanner[] ByName(string name, string place) => name switch
    {
        "gpt-2" or "olmo" => [new Gpt2Scanner()],
        "smollm" => [new DigitsScanner(individual: true), new Gpt2Scanner()],
        "llama-bpe" or "glm4" => [new Llama3Scanner(3)],
        "qwen2" => [new Llama3Scanner(1)],
        _ => throw new UnsupportedException($"{place}: the pre-tokenizer '{name}' is not supported. Supported are: {Names}."),
    };

    /// <summary>The scanner behind a pattern in tokenizer.json.</summary>
    /// <param name="pattern">The pattern, letter for letter.</param>
    /// <param name="place">File and place, for messages.</param>
    /// <exception cref="UnsupportedException">The pattern is not known.</exception>
    public static Scanner ByPattern(string pattern, string place) => pattern switch
    {
        Gpt2Scanner.Pattern => new Gpt2Scanner(),
        Llama3Scanner.Pattern => new Llama3Scanner(3),
        Llama3Scanner.Qwen2Pattern => new Llama3Scanner(1),
        _ => throw new UnsupportedException($"{place}: the splitting pattern '{pattern}' is not supported. Supported are the patterns of GPT-2, " +
            "Llama 3 and Qwen 2, letter for letter."),
    };
}
