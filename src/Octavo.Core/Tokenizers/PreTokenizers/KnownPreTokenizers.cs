namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>The pre-tokenizers by the names that GGUF files give them and by the patterns that tokenizer.json spells out.</summary>
internal static class KnownPreTokenizers
{
    private const string Names = "bailingmoe, bailingmoe2, bloom, chatglm-bpe, codeshell, command-r, dbrx, deepseek-coder, deepseek-r1-qwen, " +
        "deepseek-v3, exaone, exaone4, falcon3, falcon-h1, glm4, gpt-2, gpt-4o, gpt3-finnish, hunyuan, hunyuan-dense, jais, lfm2, llada-moe, llama3, " +
        "llama4, llama-bpe, llama-v3, megrez, minerva-7b, mpt, olmo, phi-2, pixtral, poro-chat, qwen2, qwen35, refact, seed-coder, smaug-bpe, smollm, " +
        "stablelm2, starcoder, tekken, trillion, viking";

    /// <summary>One name for each way of cutting, the most common first.</summary>
    public static IReadOnlyList<string> Distinct { get; } =
    [
        "gpt-2", "smollm", "llama-bpe", "qwen2", "dbrx", "gpt-4o", "tekken", "qwen35", "seed-coder", "bailingmoe", "deepseek-v3", "deepseek-coder", "bloom",
        "viking",
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = Names.Split(", ");

    /// <summary>The stages behind a name in <c>tokenizer.ggml.pre</c>, and what else the name stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="place">File and key, for messages.</param>
    /// <exception cref="UnsupportedException">The name is not known.</exception>
    public static NamedPreTokenizer ByName(string name, string place)
    {
        switch (name)
        {
            case "gpt-2" or "olmo" or "mpt" or "phi-2" or "jais" or "trillion" or "exaone4":
                return new(Gpt2Scanner.Pattern);
            case "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" or "minerva-7b":
                return new(KnownPatterns.EachNumber, Gpt2Scanner.Pattern);
            // These vocabularies have words that no merges lead to, and their texts begin with a token where the file does not say otherwise.
            case "llama-bpe" or "llama3" or "llama-v3" or "falcon3" or "falcon-h1" or "pixtral" or "lfm2":
                return new(Llama3Scanner.Pattern) { IgnoresMerges = true, AddsBos = true };
            case "glm4" or "chatglm-bpe" or "dbrx" or "smaug-bpe":
                return new(Llama3Scanner.Pattern);
            case "qwen2" or "deepseek-r1-qwen" or "stablelm2" or "hunyuan" or "megrez":
                return new(Llama3Scanner.Qwen2Pattern);
            case "gpt-4o" or "llama4":
                return new(KnownPatterns.Gpt4o);
            case "tekken":
                return new(KnownPatterns.Tekken) { IgnoresMerges = true, AddsBos = true };
            case "qwen35":
                return new(KnownPatterns.Qwen35);
            case "seed-coder":
                return new(KnownPatterns.SeedCoder);
            case "bailingmoe" or "bailingmoe2" or "llada-moe":
                return new(KnownPatterns.BailingMoe);
            case "bloom" or "gpt3-finnish" or "poro-chat":
                return new(KnownPatterns.Bloom);
            case "viking":
                return new(KnownPatterns.Bloom, KnownPatterns.EachNumber);
            case "deepseek-v3" or "hunyuan-dense":
                return new(KnownPatterns.ThreeNumbers, KnownPatterns.DeepSeekIdeographs, KnownPatterns.DeepSeekWords);
            case "deepseek-coder":
                return new(KnownPatterns.LineEnds, KnownPatterns.SpacedLetters, KnownPatterns.SpacedPunctuation,
                    KnownPatterns.CoderIdeographs, KnownPatterns.EachNumber);
            default:
                throw new UnsupportedException($"{place}: the pre-tokenizer '{name}' is not supported. Supported are: {Names}.");
        }
    }

    /// <summary>The scanner that does what a pattern in tokenizer.json says, or null where there is none and the pattern has to be read.</summary>
    /// <param name="pattern">The pattern, letter for letter.</param>
    public static Scanner? ByPattern(string pattern) => pattern switch
    {
        Gpt2Scanner.Pattern => new Gpt2Scanner(),
        Llama3Scanner.Pattern => new Llama3Scanner(3),
        Llama3Scanner.Qwen2Pattern => new Llama3Scanner(1),
        _ => null,
    };
}
