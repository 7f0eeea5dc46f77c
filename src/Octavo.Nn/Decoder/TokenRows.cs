using Octavo.Core;

namespace Octavo.Nn.Decoder;

/// <summary>
/// Tokens to compute, without padding: the sequences one after another. A sequence sees itself only, so texts of any lengths share a pass,
/// and packing is nothing but putting several into one.
/// </summary>
public sealed class TokenRows
{
    /// <summary>Puts sequences together.</summary>
    /// <param name="ids">Token ids of all sequences, N of them.</param>
    /// <param name="lengths">Tokens of each sequence; their sum is N.</param>
    /// <exception cref="ShapeException">A length is below 1, or they do not add up.</exception>
    public TokenRows(int[] ids, int[] lengths)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Any(length => length < 1) || lengths.Sum() != ids.Length || ids.Length == 0)
            throw new ShapeException($"{ids.Length} tokens do not make sequences of {string.Join(", ", lengths.Take(8))} tokens.");
        (Ids, Lengths) = (ids, lengths);
    }

    /// <summary>Token ids of all sequences [N].</summary>
    public IReadOnlyList<int> Ids { get; }

    /// <summary>Tokens of each sequence.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>N: tokens of all sequences.</summary>
    public int Count => Ids.Count;

    /// <summary>
    /// The same and sequences of token 0 behind, none longer than the longest that is there, so that the count is a multiple. Batches of any lengths then have a few heights only:
    /// memory that one gives back fits the next, and matrix products find their kernels made. Nothing is to be predicted from those rows.
    /// </summary>
    /// <param name="multiple">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public TokenRows Filled(int multiple)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1);
        var missing = (multiple - (Count % multiple)) % multiple;
        if (missing == 0)
            return this;
        // a model may take no sequence that is longer
        var longest = Lengths.Max();
        int[] rest = missing % longest == 0 ? [] : [missing % longest];
        return new TokenRows([.. Ids, .. new int[missing]], [.. Lengths, .. Enumerable.Repeat(longest, missing / longest), .. rest]);
    }

    /// <summary>One sequence.</summary>
    /// <param name="ids">Its token ids.</param>
    public static TokenRows Of(params int[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new TokenRows(ids, [ids.Length]);
    }
}
