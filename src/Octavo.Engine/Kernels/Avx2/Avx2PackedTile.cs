using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The product for several tokens, with the arithmetic of <see cref="Avx2PackedRow"/>. Sixteen rows are unpacked once per
/// 128 tokens and 768 columns into a panel in L1, [block][quad][16 rows][4 columns] bytes, and multiplied with a tile of
/// tokens at a time.
/// </summary>
internal static unsafe class Avx2PackedTile
{
    public const int Rows = 16;
    private const int Tokens = 128;
    private const int Blocks = 24;

    /// <summary>Bytes of a block of the panel.</summary>
    public const int BlockBytes = 32 * Rows;

    /// <summary>Floats of scratch: panel, scales of both halves, minima, one accumulator per output, and room to align.</summary>
    public const int ScratchFloats = (Blocks * BlockBytes / 4) + (3 * Blocks * Rows) + (Tokens * Rows) + 16;

    /// <summary>Where the parts of the scratch lie.</summary>
    private readonly struct Scratch(float* scratch)
    {
        public readonly byte* Panel = (byte*)(((nuint)scratch + 63) & ~(nuint)63);

        /// <summary>[block][half][16 rows]</summary>
        public float* Scales => (float*)(Panel + (Blocks * BlockBytes));

        public float* Minima => Scales + (2 * Blocks * Rows);

        public float* Acc => Minima + (Blocks * Rows);
    }

    public static void Run<TFormat, TTile>(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch)
        where TFormat : struct, IAvx2Packed
        where TTile : struct, IAvx2Tile
    {
        var parts = new Scratch(scratch);
        for (var row = 0; row < w.Rows; row += Rows)
        {
            for (var token = 0; token < tokens; token += Tokens)
            {
                var rows = Math.Min(Rows, w.Rows - row);
                var count = Math.Min(Tokens, tokens - token);
                Accumulate<TFormat, TTile>(w.Slice(row, rows), x.Row(token), count, parts);
                Store(parts.Acc, rows, count, y + ((long)token * ldy) + row, ldy);
            }
        }
    }

    private static void Accumulate<TFormat, TTile>(in PackedRows w, in QuantizedRows x, int count, Scratch parts)
        where TFormat : struct, IAvx2Packed
        where TTile : struct, IAvx2Tile
    {
        new Span<float>(parts.Acc, (int)QuantizedRows.Whole(count) * Rows).Clear();
        var first = w.Data;
        // a last group of fewer than nine rows stands for both
        var second = w.Rows > PackedFormat.Rows ? first + w.GroupBytes : first;
        for (var block = 0; block < x.Blocks; block += Blocks)
        {
            var part = Math.Min(Blocks, x.Blocks - block);
            first = Unpack<TFormat>(first, part, parts.Panel, parts.Scales, parts.Minima);
            second = Unpack<TFormat>(second, part, parts.Panel + 32, parts.Scales + 8, parts.Minima + 8);
            // tokens beyond the last fill the tile with what lies there; their outputs are not stored
            for (var t = 0; t < count; t += QuantizedRows.Tile)
                TTile.Multiply<TFormat>(new PanelPart(parts.Panel, parts.Scales, parts.Minima, part), x.Row(t).Block(block), parts.Acc + (t * Rows));
        }
    }

    private static void Store(float* acc, int rows, int count, float* y, int ldy)
    {
        for (var t = 0; t < count; t++, acc += Rows, y += ldy)
        {
            Avx2Lanes.Store(Vector256.Load(acc), y, rows);
            if (rows > 8)
                Avx2Lanes.Store(Vector256.Load(acc + 8), y + 8, rows - 8);
        }
    }

    /// <summary>Unpacks blocks of eight rows; returns what follows them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static byte* Unpack<TFormat>(byte* block, int blocks, byte* panel, float* scales, float* minima)
        where TFormat : struct, IAvx2Packed
    {
        for (var b = 0; b < blocks;)
        {
            TFormat.Factors(block, out var scaleFactor, out var minFactor);
            block += TFormat.HeaderBytes;
            for (var last = b + TFormat.SuperBlocks; b < last; b++)
            {
                Avx2Quads.Prefetch<TFormat>(block + 1024);
                Quads<TFormat>(block, 0, panel);
                Quads<TFormat>(block, 1, panel);
                Quads<TFormat>(block, 2, panel);
                Quads<TFormat>(block, 3, panel);
                TFormat.Scales(block, 0, scaleFactor).Store(scales);
                if (TFormat.HasHalves)
                    TFormat.Scales(block, 1, scaleFactor).Store(scales + Rows);
                if (TFormat.HasMin)
                    TFormat.Minima(block, minFactor).Store(minima);
                block += TFormat.BlockBytes;
                panel += BlockBytes;
                scales += 2 * Rows;
                minima += Rows;
            }
        }
        return block;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads<TFormat>(byte* block, int i, byte* panel) where TFormat : struct, IAvx2Packed
    {
        TFormat.Quads(block, i, out var low, out var high);
        low.Store(panel + (i * 4 * Rows));
        high.Store(panel + ((4 + i) * 4 * Rows));
    }
}

/// <summary>Some blocks of sixteen unpacked rows.</summary>
/// <param name="quads">[block][8 quads][16 rows][4] bytes.</param>
/// <param name="scales">[block][2 halves][16 rows].</param>
/// <param name="minima">[block][16 rows].</param>
/// <param name="blocks">How many blocks.</param>
internal readonly unsafe struct PanelPart(byte* quads, float* scales, float* minima, int blocks)
{
    public readonly byte* Quads = quads;
    public readonly float* Scales = scales;
    public readonly float* Minima = minima;
    public readonly int Blocks = blocks;
}
