namespace Octavo.Core.Tokenizers.Inputs;

/// <summary>Cuts the tokens of one or two texts to a length.</summary>
internal static class InputTruncation
{
    /// <summary>Cuts where it has to.</summary>
    /// <param name="texts">The tokens of each text.</param>
    /// <param name="rule">The length, and which text is cut.</param>
    /// <param name="around">How many tokens will stand around the texts.</param>
    /// <exception cref="ConfigException">There is no room for the tokens around, or the text to cut is absent or too
    /// short.</exception>
    public static IReadOnlyList<Token>[] Cut(IReadOnlyList<Token>[] texts, Truncation rule, int around)
    {
        var most = rule.Length - around;
        if (most < 0)
            throw new ConfigException(
                $"Inputs are cut to {rule.Length} tokens, but {around} stand around the texts. Allow more.");
        var excess = texts.Sum(text => text.Count) - most;
        if (excess <= 0)
            return texts;
        var counts = rule.Strategy == TruncationStrategy.LongestFirst
            ? Shares(texts, most)
            : WithoutExcess(texts, rule.Strategy == TruncationStrategy.OnlyFirst ? 0 : 1, excess, most);
        return [.. texts.Select((text, i) => Part(text, counts[i], rule.AtStart))];
    }

    // The shorter text stays whole as long as the longer one is not cut below it; then both get half, the longer one the odd
    // token.
    private static int[] Shares(IReadOnlyList<Token>[] texts, int most)
    {
        if (texts.Length == 1)
            return [most];
        var secondIsShorter = texts[0].Count > texts[1].Count;
        var shorter = Math.Min(texts[0].Count, texts[1].Count);
        var longer = shorter > most ? shorter : Math.Max(shorter, most - shorter);
        if (shorter + longer > most)
        {
            shorter = most / 2;
            longer = shorter + most % 2;
        }
        return secondIsShorter ? [longer, shorter] : [shorter, longer];
    }

    private static int[] WithoutExcess(IReadOnlyList<Token>[] texts, int which, int excess, int most)
    {
        if (which >= texts.Length)
            throw new ConfigException(
                "Only the second text may be cut, and there is none. Give another strategy, or a second text.");
        var counts = texts.Select(text => text.Count).ToArray();
        // Nothing may stay of either only where that is what was asked for.
        if (most == 0)
            return new int[texts.Length];
        if (counts[which] <= excess)
            throw new ConfigException(
                $"The {(which == 0 ? "first" : "second")} text has {counts[which]} tokens, and {excess} are too many in " +
                "all. Allow more tokens, or let the other text be cut too.");
        counts[which] -= excess;
        return counts;
    }

    private static IReadOnlyList<Token> Part(IReadOnlyList<Token> text, int count, bool atStart) =>
        count >= text.Count ? text : [.. atStart ? text.Skip(text.Count - count) : text.Take(count)];
}
