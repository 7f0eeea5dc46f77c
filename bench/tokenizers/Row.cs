namespace Octavo.Bench.Tokenizers;

/// <summary>One contender at one test over one text.</summary>
/// <param name="Kind">The tokenizer file.</param>
/// <param name="Text">The text.</param>
/// <param name="Test">The test.</param>
/// <param name="Contender">Whose figures these are.</param>
internal sealed record Row(string Kind, string Text, string Test, string Contender)
{
    /// <summary>Megabytes of UTF-8 a second, round by round.</summary>
    public required double[] Rates { get; init; }

    /// <summary>How many times faster Octavo was, round by round; empty for Octavo.</summary>
    public required double[] Ratios { get; init; }

    /// <summary>How many parts of the text got Octavo's ids (decoding: Octavo's text), and of how many.</summary>
    public required int Same { get; init; }

    public required int Parts { get; init; }

    public Spread Rate => Spread.Of(Rates);

    public Spread? Ratio => Ratios.Length == 0 ? null : Spread.Of(Ratios);
}

/// <summary>The middle of several numbers, and between which the middle half of them lies.</summary>
internal readonly record struct Spread(double Median, double Low, double High)
{
    public static Spread Of(double[] numbers)
    {
        var sorted = numbers.Order().ToArray();
        return new(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double part)
    {
        var place = part * (sorted.Length - 1);
        var low = (int)place;
        return sorted[low] + (place - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]);
    }
}
