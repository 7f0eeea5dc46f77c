using Octavo.Training.Data.Chats;

namespace Octavo.Training.Data;

/// <summary>What the rows of a mixture became, each counted once. Nothing is left out or cut without being counted here.</summary>
internal sealed record StreamReport
{
    /// <summary>Rows that were read.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that became examples.</summary>
    public long Examples { get; init; }

    /// <summary>Rows that were left out because nothing of them is to be learned.</summary>
    public long NoTarget { get; init; }

    /// <summary>Rows that were left out because they are too long.</summary>
    public long TooLong { get; init; }

    /// <summary>Examples whose end was cut off.</summary>
    public long Truncated { get; init; }

    /// <summary>Tokens that were cut off.</summary>
    public long CutTokens { get; init; }

    /// <summary>Tokens of the examples.</summary>
    public long Tokens { get; init; }

    /// <summary>Tokens of the examples that are learned.</summary>
    public long Targets { get; init; }

    /// <summary>Learned tokens that reach over the border of a turn.</summary>
    public long BorderTokens { get; init; }

    /// <summary>Learned turns that no special token ends.</summary>
    public long OpenTurns { get; init; }

    /// <summary>Tokens of the longest example, before any cut.</summary>
    public int Longest { get; init; }

    /// <summary>The report with one more row.</summary>
    public StreamReport With(EncodedSample sample) => this with
    {
        Rows = Rows + 1,
        Examples = Examples + (sample.IsKept ? 1 : 0),
        NoTarget = NoTarget + (sample.Fate == SampleFate.NoTarget ? 1 : 0),
        TooLong = TooLong + (sample.Fate == SampleFate.TooLong ? 1 : 0),
        Truncated = Truncated + (sample.Fate == SampleFate.Truncated ? 1 : 0),
        CutTokens = CutTokens + (sample.Fate == SampleFate.Truncated ? sample.WholeLength - sample.Tokens.Ids.Length : 0),
        Tokens = Tokens + (sample.IsKept ? sample.Tokens.Ids.Length : 0),
        Targets = Targets + (sample.IsKept ? sample.Tokens.Targets : 0),
        BorderTokens = BorderTokens + (sample.IsKept ? sample.Tokens.BorderTokens : 0),
        OpenTurns = OpenTurns + (sample.IsKept ? sample.Tokens.OpenTurns : 0),
        Longest = Math.Max(Longest, sample.WholeLength),
    };

    /// <summary>Two reports of different rows as one.</summary>
    public StreamReport With(StreamReport other) => new()
    {
        Rows = Rows + other.Rows,
        Examples = Examples + other.Examples,
        NoTarget = NoTarget + other.NoTarget,
        TooLong = TooLong + other.TooLong,
        Truncated = Truncated + other.Truncated,
        CutTokens = CutTokens + other.CutTokens,
        Tokens = Tokens + other.Tokens,
        Targets = Targets + other.Targets,
        BorderTokens = BorderTokens + other.BorderTokens,
        OpenTurns = OpenTurns + other.OpenTurns,
        Longest = Math.Max(Longest, other.Longest),
    };
}
