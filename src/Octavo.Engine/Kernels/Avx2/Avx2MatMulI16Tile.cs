using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The 16-bit product for several tokens, with the arithmetic of <see cref="Avx2MatMulI16Row"/>. Sixteen rows are unpacked once
/// per 64 tokens and 512 columns into a panel in L1, two neighbouring columns of each row side by side, and multiplied with
/// a tile of tokens at a time.
/// </summary>
internal static unsafe class Avx2MatMulI16Tile
{
    public const int Rows = 16;
    private const int Tokens = 64;
    private const int Blocks = 16;

    /// <summary>Floats of scratch: panel, scales, minima, two accumulators per output, and room to align.</summary>
    public const int ScratchFloats = (Blocks * 16 * Rows) + (2 * Blocks * Rows) + (2 * Tokens * Rows) + 16;

    /// <summary>Where the parts of the scratch lie.</summary>
    private readonly struct Scratch(float* scratch)
    {
        public readonly short* Panel = (short*)(((nuint)scratch + 63) & ~(nuint)63);

        public float* Scales => (float*)Panel + (Blocks * 16 * Rows);

        public float* Minima => Scales + (Blocks * Rows);

        public float* Acc => Minima + (Blocks * Rows);

        public float* Min => Acc + (Tokens * Rows);
    }

    public static void Run<TFormat, TTile>(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
        where TFormat : struct, IAvx2Format
        where TTile : struct, IAvx2Tile
    {
        var parts = new Scratch(scratch);
        for (var row = 0; row < w.Rows; row += Rows)
        {
            for (var token = 0; token < tokens; token += Tokens)
            {
                var rows = Math.Min(Rows, w.Rows - row);
                var count = Math.Min(Tokens, tokens - token);
                Accumulate<TFormat, TTile>(w.Slice(row, rows), x, token, count, parts);
                Store<TFormat>(parts, rows, count, y + ((long)token * ldy) + row, ldy);
            }
        }
    }

    private static void Accumulate<TFormat, TTile>(in WeightRows w, in ActivationsI16 x, int token, int count, Scratch parts)
        where TFormat : struct, IAvx2Format
        where TTile : struct, IAvx2Tile
    {
        var blocks = x.Columns / 32;
        new Span<float>(parts.Acc, count * Rows).Clear();
        new Span<float>(parts.Min, count * Rows).Clear();
        var ahead = w.Data + (Rows * w.RowBytes);
        var rows = stackalloc byte*[Rows];
        for (var block = 0; block < blocks; block += Blocks)
        {
            var part = Math.Min(Blocks, blocks - block);
            for (var r = 0; r < Rows; r++)
                rows[r] = w.Data + (Math.Min(r, w.Rows - 1) * w.RowBytes) + ((long)block * TFormat.BlockBytes);
            Unpack<TFormat>(rows, part, ahead, parts.Panel, parts.Scales, parts.Minima);
            ahead += part * 8 * TFormat.BlockBytes;
            Unpack<TFormat>(rows + 8, part, ahead, parts.Panel + 16, parts.Scales + 8, parts.Minima + 8);
            ahead += part * 8 * TFormat.BlockBytes;
            for (var t = 0; t < count; t += TTile.Tokens)
                Multiply<TFormat, TTile>(x, block, part, token + t, count - 1 - t, parts, t * Rows);
        }
    }

    /// <summary>The panel times one tile of tokens, added to the accumulators from <paramref name="at"/> on.</summary>
    private static void Multiply<TFormat, TTile>(in ActivationsI16 x, int block, int blocks, int token, int last, Scratch parts, int at)
        where TFormat : struct, IAvx2Format
        where TTile : struct, IAvx2Tile
    {
        var q = stackalloc short*[TTile.Tokens];
        var d = stackalloc float*[TTile.Tokens];
        var s = stackalloc float*[TTile.Tokens];
        for (var i = 0; i < TTile.Tokens; i++)
        {
            // tokens beyond the last repeat it; their outputs are not stored
            long row = token + Math.Min(i, last);
            q[i] = x.Q + (row * x.Columns) + (block * 32);
            d[i] = x.D + (row * (x.Columns / 32)) + block;
            s[i] = x.S + (row * (x.Columns / 32)) + block;
        }
        TTile.Multiply(parts.Panel, parts.Scales, blocks, q, d, parts.Acc + at);
        for (var i = 0; TFormat.HasMin && i < TTile.Tokens; i += 4)
            Minima(parts.Minima, blocks, s + i, parts.Min + at + (i * Rows));
    }

    private static void Store<TFormat>(Scratch parts, int rows, int count, float* y, int ldy) where TFormat : struct, IAvx2Format
    {
        var min = parts.Min;
        var acc = parts.Acc;
        for (var t = 0; t < count; t++, acc += Rows, min += Rows, y += ldy)
        {
            var low = Vector256.Load(acc);
            var high = Vector256.Load(acc + 8);
            if (TFormat.HasMin)
            {
                low += Vector256.Load(min);
                high += Vector256.Load(min + 8);
            }
            if (rows == Rows)
            {
                low.Store(y);
                high.Store(y + 8);
                continue;
            }
            Avx.MaskStore(y, Avx2Lanes.First(rows), low);
            if (rows > 8)
                Avx.MaskStore(y + 8, Avx2Lanes.First(rows - 8), high);
        }
    }

    /// <summary>[block][pair of columns][16 rows][2] shorts, from eight rows of bytes: a transposition of pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unpack<TFormat>(byte** rows, int blocks, byte* ahead, short* panel, float* scales, float* minima)
        where TFormat : struct, IAvx2Format
    {
        for (nint b = 0; b < blocks; b++)
        {
            for (nint line = 0; line < TFormat.BlockBytes * 8; line += 64)
                Sse.Prefetch0(ahead + line);
            ahead += TFormat.BlockBytes * 8;
            var at = b * TFormat.BlockBytes;
            var r0 = TFormat.Bytes(rows[0] + at).AsInt16();
            var r1 = TFormat.Bytes(rows[1] + at).AsInt16();
            var a0 = Avx2.UnpackLow(r0, r1).AsInt32();
            var a4 = Avx2.UnpackHigh(r0, r1).AsInt32();
            r0 = TFormat.Bytes(rows[2] + at).AsInt16();
            r1 = TFormat.Bytes(rows[3] + at).AsInt16();
            var b0 = Avx2.UnpackLow(r0, r1).AsInt32();
            var b4 = Avx2.UnpackHigh(r0, r1).AsInt32();
            r0 = TFormat.Bytes(rows[4] + at).AsInt16();
            r1 = TFormat.Bytes(rows[5] + at).AsInt16();
            var c0 = Avx2.UnpackLow(r0, r1).AsInt32();
            var c4 = Avx2.UnpackHigh(r0, r1).AsInt32();
            r0 = TFormat.Bytes(rows[6] + at).AsInt16();
            r1 = TFormat.Bytes(rows[7] + at).AsInt16();
            var e0 = Avx2.UnpackLow(r0, r1).AsInt32();
            var e4 = Avx2.UnpackHigh(r0, r1).AsInt32();
            StorePairs(Avx2.UnpackLow(a0, b0).AsInt64(), Avx2.UnpackLow(c0, e0).AsInt64(), panel);
            StorePairs(Avx2.UnpackHigh(a0, b0).AsInt64(), Avx2.UnpackHigh(c0, e0).AsInt64(), panel + 64);
            StorePairs(Avx2.UnpackLow(a4, b4).AsInt64(), Avx2.UnpackLow(c4, e4).AsInt64(), panel + 128);
            StorePairs(Avx2.UnpackHigh(a4, b4).AsInt64(), Avx2.UnpackHigh(c4, e4).AsInt64(), panel + 192);
            panel += 32 * Rows;
            var heads = Vector256.Create(
                *(int*)(rows[0] + at), *(int*)(rows[1] + at), *(int*)(rows[2] + at), *(int*)(rows[3] + at),
                *(int*)(rows[4] + at), *(int*)(rows[5] + at), *(int*)(rows[6] + at), *(int*)(rows[7] + at));
            Avx2Lanes.LowHalves(heads).Store(scales + (b * Rows));
            if (TFormat.HasMin)
                Avx2Lanes.HighHalves(heads).Store(minima + (b * Rows));
        }
    }

    /// <summary>Pairs i and i + 1 of each half block; the upper half's are eight pairs further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePairs(Vector256<long> rows0123, Vector256<long> rows4567, short* panel)
    {
        var even = Avx2.UnpackLow(rows0123, rows4567).AsSByte();
        var odd = Avx2.UnpackHigh(rows0123, rows4567).AsSByte();
        Avx2.ConvertToVector256Int16(even.GetLower()).Store(panel);
        Avx2.ConvertToVector256Int16(odd.GetLower()).Store(panel + (2 * Rows));
        Avx2.ConvertToVector256Int16(even.GetUpper()).Store(panel + (16 * Rows));
        Avx2.ConvertToVector256Int16(odd.GetUpper()).Store(panel + (18 * Rows));
    }

    /// <summary>min[4 tokens][16 rows] gains minimum · sum of each block in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Minima(float* minima, int blocks, float** sums, float* min)
    {
        var (s0, s1, s2, s3) = ((nint)sums[0], (nint)sums[1], (nint)sums[2], (nint)sums[3]);
        var a00 = Vector256.Load(min);
        var a01 = Vector256.Load(min + 8);
        var a10 = Vector256.Load(min + 16);
        var a11 = Vector256.Load(min + 24);
        var a20 = Vector256.Load(min + 32);
        var a21 = Vector256.Load(min + 40);
        var a30 = Vector256.Load(min + 48);
        var a31 = Vector256.Load(min + 56);
        for (nint b = 0; b < blocks; b++, minima += Rows)
        {
            var m0 = Vector256.Load(minima);
            var m1 = Vector256.Load(minima + 8);
            var s = Vector256.Create(((float*)s0)[b]);
            a00 = Fma.MultiplyAdd(m0, s, a00);
            a01 = Fma.MultiplyAdd(m1, s, a01);
            s = Vector256.Create(((float*)s1)[b]);
            a10 = Fma.MultiplyAdd(m0, s, a10);
            a11 = Fma.MultiplyAdd(m1, s, a11);
            s = Vector256.Create(((float*)s2)[b]);
            a20 = Fma.MultiplyAdd(m0, s, a20);
            a21 = Fma.MultiplyAdd(m1, s, a21);
            s = Vector256.Create(((float*)s3)[b]);
            a30 = Fma.MultiplyAdd(m0, s, a30);
            a31 = Fma.MultiplyAdd(m1, s, a31);
        }
        a00.Store(min);
        a01.Store(min + 8);
        a10.Store(min + 16);
        a11.Store(min + 24);
        a20.Store(min + 32);
        a21.Store(min + 40);
        a30.Store(min + 48);
        a31.Store(min + 56);
    }
}
