using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The fp32 product of many tokens. A vector holds eight columns of two rows, so each output is summed as <see cref="Avx2MatMulF32"/> sums it and
/// has its bits. Rows are laid side by side eight at a time, once for all tokens. Long rows are taken in parts, so that a part and the unfinished
/// sums of some tokens stay in the first cache.
/// </summary>
internal static unsafe class Avx512MatMulF32
{
    private const int PanelRows = 8;
    private const int TileTokens = 6;
    private const int PartColumns = 512;

    // tokens whose sums wait for the next part
    private const int GroupTokens = 8 * TileTokens;

    // fewer do not pay for laying rows side by side
    private const int LeastTokens = 2 * TileTokens;
    private const int LineFloats = 16;
    private const int TileFloats = TileTokens * 4 * LineFloats;

    /// <summary>The panel, one row as it is expanded, unfinished sums, and what puts them on cache lines.</summary>
    public static int ScratchFloats(int columns) => ((PanelRows + 1) * columns) + (GroupTokens / TileTokens * TileFloats) + (2 * LineFloats);

    /// <summary>Whether the product is one for <see cref="Run"/>.</summary>
    public static bool Takes(in WeightRows w, int tokens) => tokens >= LeastTokens && w.Rows >= PanelRows && w.Columns % 8 == 0;

    public static void Run(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch)
    {
        var sums = OnLine(scratch);
        var panel = sums + (GroupTokens / TileTokens * TileFloats);
        for (var at = 0; at < w.Rows; at += PanelRows)
        {
            // the last eight rows and tokens again where fewer are left: they get the same bits
            var first = Math.Min(at, w.Rows - PanelRows);
            if (w.Type == TensorType.F16)
                LayHalves(w, first, panel);
            for (var row = 0; w.Type != TensorType.F16 && row < PanelRows; row++)
                Lay(w, first + row, panel + ((long)PanelRows * w.Columns), panel + (row % 4 * 16) + (row / 4 * 8));
            for (var token = 0; token < tokens; token += GroupTokens)
                Group(panel, w.Columns, x, ldx, token, tokens, y + first, ldy, sums);
        }
    }

    private static float* OnLine(float* scratch) =>
        (float*)(((nint)scratch + ((LineFloats * sizeof(float)) - 1)) & -(LineFloats * sizeof(float)));

    private static void Group(float* panel, int columns, float* x, int ldx, int first, int tokens, float* y, int ldy, float* sums)
    {
        var end = Math.Min(first + GroupTokens, tokens);
        for (int from = 0, to; from < columns; from = to)
        {
            to = Math.Min(from + PartColumns, columns);
            var tile = sums;
            for (var token = first; token < end; token += TileTokens, tile += TileFloats)
            {
                long t = Math.Min(token, tokens - TileTokens);
                EightBySix(
                    panel + ((long)from * PanelRows), panel + ((long)to * PanelRows), x + (t * ldx) + from, ldx, tile, from > 0,
                    to == columns ? y + (t * ldy) : null, ldy);
            }
        }
    }

    /// <summary>Lays a row's columns eight by eight into the panel: vector r of a step holds rows r and r + 4.</summary>
    private static void Lay(in WeightRows w, int row, float* expanded, float* panel)
    {
        var data = w.Data + (row * w.RowBytes);
        if (w.Type == TensorType.F32)
            expanded = (float*)data;
        else
            Avx2DenseRows.Expand(w.Type, data, w.RowBytes, w.Columns, expanded);
        for (var k = 0; k < w.Columns; k += 8)
            Vector256.Load(expanded + k).Store(panel + ((long)k * PanelRows));
    }

    /// <summary>The same for eight rows of fp16 numbers, two at a time; numbers as <see cref="Avx2Lanes.HighHalves"/> has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LayHalves(in WeightRows w, int first, float* panel)
    {
        var far = 4 * w.RowBytes;
        var top = Vector512.Create(0x0F800000);
        for (var row = 0; row < 4; row++)
        {
            var data = w.Data + ((first + row) * w.RowBytes);
            var to = panel + (row * 16);
            for (var end = data + w.RowBytes; data < end; data += 16, to += 8 * PanelRows)
            {
                var both = Vector256.Create(Vector128.Load((short*)data), Vector128.Load((short*)(data + far)));
                // the sign, and exponent and fraction where fp32 has them; the biases differ by 112
                var bits = Avx512F.ShiftLeftLogical(Avx512F.ConvertToVector512Int32(both), 13) & Vector512.Create(unchecked((int)0x8FFFE000));
                var special = Vector512.Equals(bits & top, top) & Vector512.Create(0x7F800000);
                ((bits.AsSingle() * Fp16.Bias).AsInt32() | special).AsSingle().Store(to);
            }
        }
    }

    /// <summary>Columns of eight rows with six tokens. Sums go on from <paramref name="sums"/>, and go there where there is no y yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightBySix(float* w, float* end, float* x, int ldx, float* sums, bool goesOn, float* y, int ldy)
    {
        Vector512<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        Vector512<float> a2 = default, b2 = default, c2 = default, d2 = default, a3 = default, b3 = default, c3 = default, d3 = default;
        Vector512<float> a4 = default, b4 = default, c4 = default, d4 = default, a5 = default, b5 = default, c5 = default, d5 = default;
        if (goesOn)
        {
            Load(sums, ref a0, ref b0, ref c0, ref d0);
            Load(sums + 64, ref a1, ref b1, ref c1, ref d1);
            Load(sums + 128, ref a2, ref b2, ref c2, ref d2);
            Load(sums + 192, ref a3, ref b3, ref c3, ref d3);
            Load(sums + 256, ref a4, ref b4, ref c4, ref d4);
            Load(sums + 320, ref a5, ref b5, ref c5, ref d5);
        }
        nint one = ldx;
        nint two = one * 2;
        for (var x3 = x + two + one; w < end; w += 8 * PanelRows, x += 8, x3 += 8)
        {
            var w0 = Vector512.Load(w);
            var w1 = Vector512.Load(w + 16);
            var w2 = Vector512.Load(w + 32);
            var w3 = Vector512.Load(w + 48);
            Add(w0, w1, w2, w3, x, ref a0, ref b0, ref c0, ref d0);
            Add(w0, w1, w2, w3, x + one, ref a1, ref b1, ref c1, ref d1);
            Add(w0, w1, w2, w3, x + two, ref a2, ref b2, ref c2, ref d2);
            Add(w0, w1, w2, w3, x3, ref a3, ref b3, ref c3, ref d3);
            Add(w0, w1, w2, w3, x3 + one, ref a4, ref b4, ref c4, ref d4);
            Add(w0, w1, w2, w3, x3 + two, ref a5, ref b5, ref c5, ref d5);
        }
        if (y == null)
        {
            Store(sums, a0, b0, c0, d0);
            Store(sums + 64, a1, b1, c1, d1);
            Store(sums + 128, a2, b2, c2, d2);
            Store(sums + 192, a3, b3, c3, d3);
            Store(sums + 256, a4, b4, c4, d4);
            Store(sums + 320, a5, b5, c5, d5);
            return;
        }
        Sum(a0, b0, c0, d0).Store(y);
        Sum(a1, b1, c1, d1).Store(y += ldy);
        Sum(a2, b2, c2, d2).Store(y += ldy);
        Sum(a3, b3, c3, d3).Store(y += ldy);
        Sum(a4, b4, c4, d4).Store(y += ldy);
        Sum(a5, b5, c5, d5).Store(y + ldy);
    }

    /// <summary>Eight numbers of a token, in both halves, times eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> w0, Vector512<float> w1, Vector512<float> w2, Vector512<float> w3, float* x,
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        var v = Avx512F.BroadcastVector256ToVector512((double*)x).AsSingle();
        a = Avx512F.FusedMultiplyAdd(w0, v, a);
        b = Avx512F.FusedMultiplyAdd(w1, v, b);
        c = Avx512F.FusedMultiplyAdd(w2, v, c);
        d = Avx512F.FusedMultiplyAdd(w3, v, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* sums, ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        a = Vector512.Load(sums);
        b = Vector512.Load(sums + 16);
        c = Vector512.Load(sums + 32);
        d = Vector512.Load(sums + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.Store(sums);
        b.Store(sums + 16);
        c.Store(sums + 32);
        d.Store(sums + 48);
    }

    /// <summary>The sums of each half's lanes, in the order of <see cref="Avx2Lanes.Sum(Vector256{float})"/>: rows 0 to 3, then 4 to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sum(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        var ab = Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b);
        var cd = Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d);
        var abcd = Avx512F.UnpackLow(ab.AsDouble(), cd.AsDouble()).AsSingle() + Avx512F.UnpackHigh(ab.AsDouble(), cd.AsDouble()).AsSingle();
        return Avx512F.Shuffle4x128(abcd, abcd, 0b10_00_10_00).GetLower() + Avx512F.Shuffle4x128(abcd, abcd, 0b11_01_11_01).GetLower();
    }
}
