namespace Octavo.Core.Tokenizers.Conversion;

/// <summary>Where a piece may be cut in two.</summary>
internal static class PieceSplits
{
    /// <summary>The places between characters, in UTF-16 units, from the left.</summary>
    public static IEnumerable<int> Of(string piece)
    {
        for (var at = 1; at < piece.Length; at++)
        {
            if (!char.IsLowSurrogate(piece[at]))
                yield return at;
        }
    }
}
