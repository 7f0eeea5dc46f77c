namespace Octavo.Core.Tokenizers;

/// <summary>The order in which pairs of neighbours join, as one number: the lowest goes first.</summary>
internal static class MergeOrder
{
    /// <summary>By rank, the leftmost first.</summary>
    /// <param name="rank">The lower, the earlier.</param>
    /// <param name="left">The place of the left symbol.</param>
    public static ulong ByRank(int rank, int left) => (ulong)(uint)rank << 32 | (uint)left;

    /// <summary>By score, the highest first, and of equal ones the leftmost.</summary>
    /// <param name="score">Any number.</param>
    /// <param name="left">The place of the left symbol.</param>
    public static ulong ByScore(float score, int left)
    {
        // Adding zero makes -0 a 0; the bits then sort like the numbers once negative ones are turned round.
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        var rising = bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits;
        return (ulong)~rising << 32 | (uint)left;
    }
}
