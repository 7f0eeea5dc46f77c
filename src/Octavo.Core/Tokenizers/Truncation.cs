namespace Octavo.Core.Tokenizers;

/// <summary>How inputs that are too long are cut.</summary>
/// <param name="Length">The most tokens of an input, those around its texts included.</param>
public sealed record Truncation(int Length)
{
    /// <summary>Which text is cut.</summary>
    public TruncationStrategy Strategy { get; init; }

    /// <summary>Whether tokens are taken off the beginning and not off the end.</summary>
    public bool AtStart { get; init; }
}

/// <summary>Which text of an input is cut.</summary>
public enum TruncationStrategy
{
    /// <summary>The longer one, and both once they are equally long.</summary>
    LongestFirst,

    /// <summary>The first.</summary>
    OnlyFirst,

    /// <summary>The second.</summary>
    OnlySecond,
}
