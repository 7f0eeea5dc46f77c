using Octavo.Core.Tokenizers.Patterns;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>What the name of a pre-tokenizer in a GGUF file stands for.</summary>
/// <param name="Patterns">What each stage cuts at; each cuts what the one before gave.</param>
internal sealed record NamedPreTokenizer(params string[] Patterns)
{
    /// <summary>The stages.</summary>
    public Cutter[] Cutters { get; } = [.. Patterns.Select(Cut)];

    /// <summary>Whether a word that is a piece as it stands is taken whole.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Whether texts begin with a token where the file does not say.</summary>
    public bool AddsBos { get; init; }

    private static Cutter Cut(string pattern)
    {
        if (pattern == KnownPatterns.EachNumber)
            return new ScannerCutter(new DigitsScanner(individual: true));
        return KnownPreTokenizers.ByPattern(pattern) is { } scanner
            ? new ScannerCutter(scanner)
            : new PatternCutter(RegexPattern.Create(pattern, "a known pattern"), SplitBehavior.Isolated);
    }
}
