namespace Octavo.Core.Tokenizers.Training;

/// <summary>How a byte-level BPE tokenizer is trained.</summary>
public sealed record TokenizerTrainingOptions
{
    internal const int Bytes = 256;
    internal const string DefaultEnd = "<|endoftext|>";

    /// <summary>How many entries the vocabulary has: special tokens, the 256 bytes, and what merges make.</summary>
    public int VocabularySize { get; init; } = 32768;

    /// <summary>A pair that occurs less often is not merged; at least 1.</summary>
    public long MinFrequency { get; init; } = 2;

    /// <summary>How texts are cut into words, one of <see cref="PreTokenizers"/>.</summary>
    public string PreTokenizer { get; init; } = "smollm";

    /// <summary>The names that <see cref="PreTokenizer"/> may have: <c>smollm</c> (digits one by one, else GPT-2's words), <c>gpt2</c>, <c>qwen2</c>
    /// and <c>llama3</c> (numbers in groups of three).</summary>
    public static IReadOnlyList<string> PreTokenizers { get; } = ["smollm", "gpt2", "qwen2", "llama3"];

    /// <summary>Special tokens; they get the first ids in this order. The first one begins texts where a reader wants one.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = [DefaultEnd];

    /// <summary>The special token that ends texts and fills batches up; null: the first one.</summary>
    public string? EndToken { get; init; }

    /// <summary>A chat template (Jinja) that goes into <c>tokenizer_config.json</c>, or null.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Texts that are measured and not learnt from, files and folders as for training; null: one part in fifty of the texts, up to 4 MiB,
    /// where there is enough of them.</summary>
    public IReadOnlyList<string>? HeldOut { get; init; }

    /// <summary>How many threads count words; null: one for each processor. Their number does not change the result.</summary>
    public int? Threads { get; init; }

    /// <summary>More distinct words than this are refused; each takes about 30 bytes while counting, for each thread, and 200 while merging.</summary>
    public int MostWords { get; init; } = 16_000_000;

    /// <summary>The name in GGUF files whose way of cutting is the same, and which takes no piece whole that merges do not lead to.</summary>
    internal string KnownName => PreTokenizer switch
    {
        "gpt2" => "gpt-2",
        "llama3" => "dbrx",
        var name => name,
    };

    /// <summary>The special token that ends texts.</summary>
    internal string End => EndToken ?? SpecialTokens[0];

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="ConfigException">One message with everything that is wrong.</exception>
    public void Validate()
    {
        List<string> wrong = [];
        if (VocabularySize < Bytes + SpecialTokens.Count || VocabularySize > Vocabulary.LargestSize)
        {
            wrong.Add($"a vocabulary of {VocabularySize} entries: it holds the {Bytes} bytes and {SpecialTokens.Count} special tokens, so give " +
                $"{Bytes + SpecialTokens.Count} to {Vocabulary.LargestSize}");
        }
        if (MinFrequency < 1)
            wrong.Add($"a least frequency of {MinFrequency}; give at least 1");
        if (!PreTokenizers.Contains(PreTokenizer))
            wrong.Add($"the pre-tokenizer '{PreTokenizer}'; give one of {string.Join(", ", PreTokenizers)}");
        if (Threads is < 1)
            wrong.Add($"{Threads} threads; give at least 1");
        if (MostWords < 1)
            wrong.Add($"at most {MostWords} words; give at least 1");
        ValidateSpecial(wrong);
        if (wrong.Count > 0)
            throw new ConfigException($"The tokenizer cannot be trained with {string.Join("; with ", wrong)}.");
    }

    private void ValidateSpecial(List<string> wrong)
    {
        if (SpecialTokens.Count == 0)
            wrong.Add($"no special token; one must end texts, such as {DefaultEnd}");
        foreach (var token in SpecialTokens)
        {
            if (token.Length < 2 || string.IsNullOrWhiteSpace(token) || !IsUnicode(token))
                wrong.Add($"the special token '{token}'; give two characters or more, as in {DefaultEnd}");
        }
        if (SpecialTokens.Distinct(StringComparer.Ordinal).Count() < SpecialTokens.Count)
            wrong.Add("the same special token twice; name it once");
        if (EndToken is not null && !SpecialTokens.Contains(EndToken))
            wrong.Add($"the end token '{EndToken}', which is no special token; add it to them");
    }

    private static bool IsUnicode(string text) => !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);
}
