using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Core;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Pages in few bits. Codes lie as in KIVI's words, the first in the lowest bits: keys [Dh][64] with scale and zero point [Dh][64/group][2],
/// values [64][Dh] with [64][Dh/group][2].
/// </summary>
internal static unsafe class PackedPages
{
    private const int Positions = PageLayout.Positions;

    /// <summary>Packs a full page.</summary>
    /// <param name="from">Any other page of the same width of heads.</param>
    /// <param name="to">A packed page.</param>
    /// <param name="panel">64 times the stride of floats.</param>
    public static void Pack(in PageView from, in PageView to, float* panel)
    {
        var layout = to.Layout;
        var keys = PortablePages.Keys(from, panel);
        for (var d = 0; d < layout.HeadDim; d++)
            PackRow(keys + (d * Positions), Positions, to.Keys + (d * layout.KeyRowBytes), (Half*)to.KeyScales + (2L * d * (Positions / layout.KeyGroup)), layout.KeyGroup, layout.Bits);
        var values = PortablePages.Values(from, panel);
        for (var j = 0; j < Positions; j++)
            PackRow(values + (j * layout.ValueStride), layout.HeadDim, to.Values + (j * layout.ValueRowBytes), (Half*)to.ValueScales + (2L * j * (layout.HeadDim / layout.ValueGroup)), layout.ValueGroup, layout.Bits);
    }

    /// <summary>Keys in fp32: [Dh][64].</summary>
    public static float* Keys(in PageView page, float* panel)
    {
        var layout = page.Layout;
        for (var d = 0; d < layout.HeadDim; d++)
            Expand(page.Keys + (d * layout.KeyRowBytes), (Half*)page.KeyScales + (2L * d * (Positions / layout.KeyGroup)), Positions, layout.KeyGroup, layout.Bits, panel + (d * Positions));
        return panel;
    }

    /// <summary>Values in fp32: [64][stride].</summary>
    public static float* Values(in PageView page, float* panel)
    {
        var layout = page.Layout;
        for (var j = 0; j < Positions; j++)
        {
            var row = panel + (j * layout.ValueStride);
            Expand(page.Values + (j * layout.ValueRowBytes), (Half*)page.ValueScales + (2L * j * (layout.HeadDim / layout.ValueGroup)), layout.HeadDim, layout.ValueGroup, layout.Bits, row);
            new Span<float>(row + layout.HeadDim, layout.ValueStride - layout.HeadDim).Clear();
        }
        return panel;
    }

    /// <summary>Key number d of a slot.</summary>
    public static float Key(in PageView page, int slot, int d)
    {
        var layout = page.Layout;
        return One(page.Keys + (d * layout.KeyRowBytes), (Half*)page.KeyScales + (2L * d * (Positions / layout.KeyGroup)), slot, layout.KeyGroup, layout.Bits);
    }

    /// <summary>Value number d of a slot.</summary>
    public static float Value(in PageView page, int slot, int d)
    {
        var layout = page.Layout;
        return One(page.Values + (slot * layout.ValueRowBytes), (Half*)page.ValueScales + (2L * slot * (layout.HeadDim / layout.ValueGroup)), d, layout.ValueGroup, layout.Bits);
    }

    private static float One(byte* codes, Half* ranges, int i, int group, int bits) =>
        (((codes[i * bits / 8] >> (i * bits % 8)) & GroupCodes.Top(bits)) * (float)ranges[2 * (i / group)]) + (float)ranges[(2 * (i / group)) + 1];

    private static void PackRow(float* numbers, int count, byte* codes, Half* ranges, int group, int bits)
    {
        new Span<byte>(codes, count * bits / 8).Clear();
        for (var first = 0; first < count; first += group)
        {
            var (scale, zero) = GroupCodes.HalfRange(new ReadOnlySpan<float>(numbers + first, group), bits);
            if (!Half.IsFinite(scale) || !Half.IsFinite(zero))
                throw new UnsupportedException($"A key or value lies beyond what a scale and a zero point in fp16 reach ({numbers[first]} is one of its group); leave it unpacked.");
            ranges[2 * (first / group)] = scale;
            ranges[(2 * (first / group)) + 1] = zero;
            for (var i = first; i < first + group; i++)
                codes[i * bits / 8] |= (byte)(GroupCodes.Code(numbers[i], (float)scale, (float)zero, bits) << (i * bits % 8));
        }
    }

    private static void Expand(byte* codes, Half* ranges, int count, int group, int bits, float* y)
    {
        if (!Avx2.IsSupported)
        {
            for (var i = 0; i < count; i++)
                y[i] = One(codes, ranges, i, group, bits);
            return;
        }
        switch (bits)
        {
            case 1: Expand<OneBit>(codes, ranges, count, group, y); break;
            case 2: Expand<TwoBits>(codes, ranges, count, group, y); break;
            case 4: Expand<FourBits>(codes, ranges, count, group, y); break;
            default: Expand<EightBits>(codes, ranges, count, group, y); break;
        }
    }

    private static void Expand<TCodes>(byte* codes, Half* ranges, int count, int group, float* y)
        where TCodes : struct, ICodes
    {
        for (var first = 0; first < count; first += group, ranges += 2)
        {
            var scale = Vector256.Create(Single(ranges[0]));
            var zero = Vector256.Create(Single(ranges[1]));
            for (var i = first; i < first + group; i += 8, codes += TCodes.Bytes)
                Vector256.MultiplyAddEstimate(Vector256.ConvertToSingle(TCodes.Eight(codes)), scale, zero).Store(y + i);
        }
    }

    /// <summary>A number of fp16, none of which are infinite here: its exponent is read 112 too low and made up for.</summary>
    private static float Single(Half half)
    {
        int bits = BitConverter.HalfToInt16Bits(half);
        return BitConverter.Int32BitsToSingle(((bits & 0x7FFF) << 13) | (bits & int.MinValue)) * 5.192296858534828e33f;
    }

    private static Vector256<int> Shifted(uint word, Vector256<uint> by, uint mask) =>
        (Avx2.ShiftRightLogicalVariable(Vector256.Create(word), by) & Vector256.Create(mask)).AsInt32();

    /// <summary>Eight codes, which are as many bytes as each has bits.</summary>
    private interface ICodes
    {
        static abstract int Bytes { get; }

        static abstract Vector256<int> Eight(byte* codes);
    }

    private readonly struct OneBit : ICodes
    {
        public static int Bytes => 1;

        public static Vector256<int> Eight(byte* codes) => Shifted(*codes, Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7), 1);
    }

    private readonly struct TwoBits : ICodes
    {
        public static int Bytes => 2;

        public static Vector256<int> Eight(byte* codes) => Shifted(*(ushort*)codes, Vector256.Create(0u, 2, 4, 6, 8, 10, 12, 14), 3);
    }

    private readonly struct FourBits : ICodes
    {
        public static int Bytes => 4;

        public static Vector256<int> Eight(byte* codes) => Shifted(*(uint*)codes, Vector256.Create(0u, 4, 8, 12, 16, 20, 24, 28), 15);
    }

    private readonly struct EightBits : ICodes
    {
        public static int Bytes => 8;

        public static Vector256<int> Eight(byte* codes) => Avx2.ConvertToVector256Int32(codes);
    }
}
