using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>What the normalizer of that name takes out, and what it makes a space.</summary>
internal static class NmtSets
{
    public static ScalarSet Removed { get; } = new RangeSet(
        [(0x01, 0x08), (0x0B, 0x0B), (0x0E, 0x1F), (0x7F, 0x7F), (0x8F, 0x8F), (0x9F, 0x9F)]);

    public static ScalarSet Spaces { get; } = new RangeSet(
    [
        (0x09, 0x0A), (0x0C, 0x0D), (0x1680, 0x1680), (0x200B, 0x200F), (0x2028, 0x2029), (0x2581, 0x2581), (0xFEFF, 0xFEFF),
        (0xFFFD, 0xFFFD),
    ]);
}
