using Octavo.Core;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Where one head's keys and values of 64 positions lie: keys transposed [Dh][64], so that a vector holds neighbouring positions,
/// then values [64][stride], the stride being Dh rounded up to 16 and the columns beyond Dh zero. Eight-bit numbers have fp32 scales,
/// one per position and 32 dimensions, as [Dh/32][64] behind the numbers they belong to. Every part begins on a cache line.
/// </summary>
internal sealed class PageLayout
{
    /// <summary>Positions of a page.</summary>
    public const int Positions = 64;

    /// <summary>Dimensions that share a scale.</summary>
    public const int BlockDims = 32;

    private const int StrideMultiple = 16;

    // a scale and a zero point in fp16
    private const int RangeBytes = 4;

    public PageLayout(KvType type, int headDim)
    {
        Type = type;
        HeadDim = headDim;
        ValueStride = Stride(headDim);
        ElementBytes = type switch { KvType.F32 => 4, KvType.F16 => 2, _ => 1 };
        Blocks = type == KvType.Q8 ? (headDim + BlockDims - 1) / BlockDims : 0;
        var scaleBytes = Blocks * Positions * sizeof(float);
        KeyScales = Positions * headDim * ElementBytes;
        Values = KeyScales + scaleBytes;
        ValueScales = Values + (Positions * ValueStride * ElementBytes);
        HeadBytes = ValueScales + scaleBytes;
    }

    private PageLayout(int headDim, int bits, int group)
    {
        (Type, HeadDim, Bits, KeyGroup, ValueGroup) = (KvType.F32, headDim, bits, group, Math.Min(group, headDim));
        ValueStride = Stride(headDim);
        (KeyRowBytes, ValueRowBytes) = (Positions * bits / 8, headDim * bits / 8);
        KeyScales = headDim * KeyRowBytes;
        Values = Lines(KeyScales + (headDim * (Positions / KeyGroup) * RangeBytes));
        ValueScales = Values + (Positions * ValueRowBytes);
        HeadBytes = Lines(ValueScales + (Positions * (headDim / ValueGroup) * RangeBytes));
    }

    /// <summary>Full pages in few bits, see <see cref="PackedPages"/>; <see cref="Type"/> is what they are read as.</summary>
    /// <param name="headDim">Width of a head.</param>
    /// <param name="bits">1, 2, 4 or 8.</param>
    /// <param name="group">Numbers that share a scale and a zero point.</param>
    /// <exception cref="UnsupportedException">Heads of this width cannot be packed so.</exception>
    public static PageLayout Packed(int headDim, int bits, int group) => headDim % Math.Min(group, headDim) == 0 && headDim % 8 == 0
        ? new PageLayout(headDim, bits, group)
        : throw new UnsupportedException($"Values of heads {headDim} wide cannot be packed in groups of {group} channels; give a group that divides it.");

    /// <summary>Bits of a number in a packed page; 0 for others.</summary>
    public int Bits { get; }

    /// <summary>Tokens of a channel's keys that share a scale and a zero point.</summary>
    public int KeyGroup { get; }

    /// <summary>Channels of a token's values that do.</summary>
    public int ValueGroup { get; }

    /// <summary>Bytes of a channel's packed keys.</summary>
    public int KeyRowBytes { get; }

    /// <summary>Bytes of a token's packed values.</summary>
    public int ValueRowBytes { get; }

    public KvType Type { get; }

    /// <summary>Width of a head (Dh), an even number.</summary>
    public int HeadDim { get; }

    /// <summary>Numbers from one position's values to the next.</summary>
    public int ValueStride { get; }

    public int ElementBytes { get; }

    /// <summary>Scales of a position; 0 for floating-point types.</summary>
    public int Blocks { get; }

    /// <summary>Byte offset of the keys' scales.</summary>
    public int KeyScales { get; }

    /// <summary>Byte offset of the values.</summary>
    public int Values { get; }

    /// <summary>Byte offset of the values' scales.</summary>
    public int ValueScales { get; }

    /// <summary>Bytes of one head.</summary>
    public int HeadBytes { get; }

    private static int Lines(int bytes) => (bytes + 63) & ~63;

    /// <summary>The width of outputs and stored values for a head of this width: whole vectors of any instruction set.</summary>
    public static int Stride(int headDim) => (headDim + StrideMultiple - 1) / StrideMultiple * StrideMultiple;
}
