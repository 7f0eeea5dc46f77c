namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Patterns of published models that GGUF files name only, as those models' tokenizer.json spells them.</summary>
internal static class KnownPatterns
{
    private const string MixedWord =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";

    private const string CapitalWord =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";

    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

    private const string MarksAndSpaces = @" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-4o and Llama 4: words by their capitals, with contractions behind.</summary>
    public const string Gpt4o = $@"{MixedWord}{Contraction}?|{CapitalWord}{Contraction}?|\p{{N}}{{1,3}}|{MarksAndSpaces}";

    /// <summary>Mistral's Tekken: words by their capitals, numbers one by one.</summary>
    public const string Tekken = $@"{MixedWord}|{CapitalWord}|\p{{N}}|{MarksAndSpaces}";

    /// <summary>Qwen 3.5: as Qwen 2, marks going with letters.</summary>
    public const string Qwen35 =
        $@"{Contraction}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Seed Coder: as Qwen 2, line ends apart from marks.</summary>
    public const string SeedCoder = $@"{Contraction}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1}}| ?[^\s\p{{L}}\p{{N}}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Ling: as GPT-4's, numbers one by one.</summary>
    public const string BailingMoe =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";

    /// <summary>BLOOM: words up to marks and spaces.</summary>
    public const string Bloom = " ?[^(\\s|[.,!?…。，、।۔،])]+";

    /// <summary>DeepSeek V3, numbers and ideographs having been cut already.</summary>
    public const string DeepSeekWords =
        @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Each number alone.</summary>
    public const string EachNumber = @"\p{N}";

    /// <summary>Numbers in groups of up to three.</summary>
    public const string ThreeNumbers = @"\p{N}{1,3}";

    /// <summary>Ideographs and Japanese, as DeepSeek V3 cuts them.</summary>
    public const string DeepSeekIdeographs = "[一-龥぀-ゟ゠-ヿ]+";

    /// <summary>Line ends, as DeepSeek Coder cuts them.</summary>
    public const string LineEnds = @"[\r\n]";

    /// <summary>Letters with white space before.</summary>
    public const string SpacedLetters = @"\s?\p{L}+";

    /// <summary>Punctuation with white space before.</summary>
    public const string SpacedPunctuation = @"\s?\p{P}+";

    /// <summary>Ideographs and Korean, as DeepSeek Coder cuts them.</summary>
    public const string CoderIdeographs = "[一-龥ࠀ-一가-퟿]+";
}
