using Octavo.Core.Tokenizers.Patterns;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>The pre-tokenizers by the names that GGUF files give them and by the patterns that tokenizer.json spells out.</summary>
internal static class KnownPreTokenizers
{
    private const string Names = "bailingmoe, bailingmoe2, bloom, chatglm-bpe, codeshell, command-r, dbrx, deepseek-coder, deepseek-r1-qwen, " +
        "deepseek-v3, exaone, exaone4, falcon3, falcon-h1, glm4, gpt-2, gpt-4o, gpt3-finnish, hunyuan, hunyuan-dense, jais, lfm2, llada-moe, llama3, " +
        "llama4, llama-bpe, llama-v3, megrez, minerva-7b, mpt, olmo, phi-2, pixtral, poro-chat, qwen2, qwen35, refact, seed-coder, smaug-bpe, smollm, " +
        "stablelm2, starcoder, tekken, trillion, viking";

    /// <summary>The stages behind a name in <c>tokenizer.ggml.pre</c>, and what else the name stands for.</summary>
    /// <param name="name">The name.</param>
    /// <param name="place">File and key, for messages.</param>
    /// <exception cref="UnsupportedException">The name is not known.</exception>
    public static NamedPreTokenizer ByName(string name, string place)
    {
        switch (name)
        {
            case "gpt-2" or "olmo" or "mpt" or "phi-2" or "jais" or "trillion" or "exaone4":
                return new([Gpt2()]);
            case "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" or "exaone" or "minerva-7b":
                return new([EachDigit(), Gpt2()]);
            // These vocabularies have words that no merges lead to, and their texts begin with a token where the file does not say otherwise.
            case "llama-bpe" or "llama3" or "llama-v3" or "falcon3" or "falcon-h1" or "pixtral" or "lfm2":
                return new([new ScannerCutter(new Llama3Scanner(3))]) { IgnoresMerges = true, AddsBos = true };
            case "glm4" or "chatglm-bpe" or "dbrx" or "smaug-bpe":
                return new([new ScannerCutter(new Llama3Scanner(3))]);
            case "qwen2" or "deepseek-r1-qwen" or "stablelm2" or "hunyuan" or "megrez":
                return new([new ScannerCutter(new Llama3Scanner(1))]);
            case "gpt-4o" or "llama4":
                return new([Regex(KnownPatterns.Gpt4o)]);
            case "tekken":
                return new([Regex(KnownPatterns.Tekken)]) { IgnoresMerges = true, AddsBos = true };
            case "qwen35":
                return new([Regex(KnownPatterns.Qwen35)]);
            case "seed-coder":
                return new([Regex(KnownPatterns.SeedCoder)]);
            case "bailingmoe" or "bailingmoe2" or "llada-moe":
                return new([Regex(KnownPatterns.BailingMoe)]);
            case "bloom" or "gpt3-finnish" or "poro-chat":
                return new([Regex(KnownPatterns.Bloom)]);
            case "viking":
                return new([Regex(KnownPatterns.Bloom), EachDigit()]);
            case "deepseek-v3" or "hunyuan-dense":
                return new([Regex(KnownPatterns.ThreeNumbers), Regex(KnownPatterns.DeepSeekIdeographs), Regex(KnownPatterns.DeepSeekWords)]);
            case "deepseek-coder":
                return new([Regex(KnownPatterns.LineEnds), Regex(KnownPatterns.SpacedLetters), Regex(KnownPatterns.SpacedPunctuation),
                    Regex(KnownPatterns.CoderIdeographs), EachDigit()]);
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

    private static ScannerCutter Gpt2() => new(new Gpt2Scanner());

    private static ScannerCutter EachDigit() => new(new DigitsScanner(individual: true));

    private static PatternCutter Regex(string pattern) => new(RegexPattern.Create(pattern, "a known pattern"), SplitBehavior.Isolated);
}
