using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The product of packed weights and quantized activations, four rows in the lanes. Per output, over blocks (or halves) in order:
/// acc = fma(Σ w·q, d_w·d_x, acc), the sum exact; then acc = fma(m_w, s_x, acc) where the type has minima.
/// </summary>
internal static unsafe class PortablePacked
{
    public static void Run(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch)
    {
        var panel = new PackedPanel(scratch, x.Blocks);
        for (var row = 0; row < w.Rows; row += PackedFormat.Rows)
        {
            panel.Unpack(w.Format, w.Slice(row, 1).Data, vectors: true);
            for (var t = 0; t < tokens; t++)
            {
                var to = y + ((long)t * ldy) + row;
                for (var half = 0; half < 8 && row + half < w.Rows; half += 4)
                    PortableLanes.Store(Four(panel, w.Format, half, x.Row(t)), to + half, w.Rows - row - half);
            }
        }
    }

    private static Vector128<float> Four(in PackedPanel panel, PackedFormat format, int row, in QuantizedRows x)
    {
        var acc = Vector128<float>.Zero;
        var parts = format.HasHalves ? 2 : 1;
        for (var b = 0; b < x.Blocks; b++)
        {
            var block = x.Block(b);
            for (var part = 0; part < parts; part++)
            {
                var sums = Vector128<int>.Zero;
                for (var plane = 0; plane < 2; plane++)
                {
                    var q = block.Q + (plane * QuantizedRows.PlaneBytes);
                    sums <<= 8;
                    if (plane == 0 || block.N[QuantizedRows.Wide] != 0)
                        sums += Sums(panel.Quad(b, part * 4) + (4 * row), q + (part * 16), 8 / parts);
                }
                if (format.ZeroShift != 0)
                    sums += Vector128.Create(block.N[parts == 2 ? part * QuantizedRows.Tile : QuantizedRows.Both] << format.ZeroShift);
                var scale = Vector128.Load(panel.Scales + (((b * 2) + part) * PackedFormat.Rows) + row) * *block.D;
                acc = Vector128.MultiplyAddEstimate(Vector128.ConvertToSingle(sums), scale, acc);
            }
            if (format.HasMin)
                acc = Vector128.MultiplyAddEstimate(Vector128.Load(panel.Minima + (b * PackedFormat.Rows) + row), Vector128.Create(*block.S), acc);
        }
        return acc;
    }

    /// <summary>Σ w·q of four rows over some quads.</summary>
    private static Vector128<int> Sums(byte* w, sbyte* q, int quads)
    {
        // two sums for each of rows 0, 1 and of rows 2, 3
        Vector128<int> low = default, high = default;
        for (var i = 0; i < quads; i++, w += 4 * PackedFormat.Rows, q += 4)
        {
            var (w01, w23) = Vector128.Widen(Vector128.Load(w));
            var four = Vector128.WidenLower(Vector128.Create(*(int*)q).AsSByte());
            low += Pairs(w01.AsInt16(), four);
            high += Pairs(w23.AsInt16(), four);
        }
        low = Vector128.Shuffle(low, Vector128.Create(0, 2, 1, 3));
        high = Vector128.Shuffle(high, Vector128.Create(0, 2, 1, 3));
        return Vector128.Create(low.GetLower(), high.GetLower()) + Vector128.Create(low.GetUpper(), high.GetUpper());
    }

    /// <summary>Neighbouring products added; a product of 8-bit numbers fits 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(a, b);
        var products = (a * b).AsInt32();
        return ((products << 16) >> 16) + (products >> 16);
    }
}
