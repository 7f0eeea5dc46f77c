// FlashAttention-2 (arXiv 2307.08691) on a CPU: a tile of queries walks over blocks of keys with a running maximum and sum.
using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>softmax(q · kᵀ) · v of tiles of queries; T is the type of q and y.</summary>
internal static unsafe class AttentionForward
{
    /// <summary>The tiles of all sequences, those with most keys first, so that threads end together.</summary>
    public static AttentionBlocks.Tile[] Tiles(AttentionShape shape, IReadOnlyList<int> lengths)
    {
        List<AttentionBlocks.Tile> tiles = [];
        var start = 0;
        foreach (var length in lengths)
        {
            for (var query = 0; query < length; query += AttentionBlocks.Size)
            {
                for (var head = 0; head < shape.Heads; head++)
                    tiles.Add(new AttentionBlocks.Tile(start, length, head, query));
            }
            start += length;
        }
        return [.. tiles.OrderByDescending(tile => shape.IsCausal ? tile.Query : tile.Length)];
    }

    /// <param name="shape">What is computed.</param>
    /// <param name="tile">Which queries.</param>
    /// <param name="q">[N, H, Dh]</param>
    /// <param name="k">[Hkv, N, padded Dh]</param>
    /// <param name="v">[Hkv, N, padded Dh]</param>
    /// <param name="y">[N, H, Dh]</param>
    /// <param name="lse">[H, N]: log Σ exp(score).</param>
    /// <param name="count">N.</param>
    public static void Run<T>(AttentionShape shape, AttentionBlocks.Tile tile, void* q, float* k, float* v, void* y, float* lse, int count)
        where T : struct, INumbers
    {
        const int Size = AttentionBlocks.Size;
        var (width, padded) = (shape.Width, shape.Padded);
        var rows = Math.Min(Size, tile.Length - tile.Query);
        var columns = BlockProduct.Padded(rows);
        var memory = AttentionBlocks.Take(((2 * padded) + Size + 3) * Size);
        var queries = memory;
        var sums = queries + (padded * Size);
        var scores = sums + (padded * Size);
        var most = scores + (Size * Size);
        var total = most + Size;
        var change = total + Size;
        long stride = shape.Heads * width;
        var at = ((long)(tile.Start + tile.Query) * stride) + (tile.Head * width);
        // the sums' memory serves as that of rows first
        AttentionBlocks.Rows<T>(q, at, stride, sums, rows, width);
        AttentionBlocks.Transpose(sums, queries, rows, padded, columns, shape.Softcap == 0 ? shape.Scale : shape.Scale / shape.Softcap);
        new Span<float>(most, columns).Fill(float.MinValue);
        new Span<float>(total, columns).Clear();
        var (first, end) = shape.Keys(tile.Query, rows, tile.Length);
        var head = (nint)(((long)(tile.Head / (shape.Heads / shape.KvHeads)) * count) + tile.Start) * padded;
        for (var key = first; key < end; key += Size)
        {
            var keys = Math.Min(Size, end - key);
            var skipped = head + ((nint)key * padded);
            BlockProduct.Multiply(k + skipped, padded, 1, queries, scores, keys, columns, padded, adds: false);
            if (shape.Softcap != 0)
                AttentionBlocks.Cap(scores, keys * columns, shape.Softcap);
            AttentionBlocks.Mask(shape, scores, key, keys, tile.Query, columns);
            Softmax(scores, most, total, change, keys, columns);
            if (key > first)
                Stretch(sums, change, padded, columns);
            BlockProduct.Multiply(v + skipped, 1, padded, scores, sums, padded, columns, keys, adds: key > first);
        }
        for (var i = 0; i < rows; i++)
        {
            lse[((nint)tile.Head * count) + tile.Start + tile.Query + i] = most[i] + MathF.Log(total[i]);
            total[i] = 1 / total[i];
        }
        Stretch(sums, total, padded, columns);
        AttentionBlocks.Store<T>(sums, columns, y, at, stride, rows, width);
        AttentionBlocks.Free(memory);
    }

    // scores become exp(score − maximum); what was summed before is to be multiplied with the change
    private static void Softmax(float* scores, float* most, float* total, float* change, int keys, int columns)
    {
        for (var i = 0; i < columns; i += 8)
        {
            var before = Vector256.Load(most + i);
            var now = before;
            for (var j = 0; j < keys; j++)
                now = Vector256.Max(now, Vector256.Load(scores + (j * columns) + i));
            var factor = Exponential.Of(before - now);
            var sum = Vector256.Load(total + i) * factor;
            for (var j = 0; j < keys; j++)
            {
                var at = scores + (j * columns) + i;
                var p = Exponential.Of(Vector256.Load(at) - now);
                p.Store(at);
                sum += p;
            }
            now.Store(most + i);
            sum.Store(total + i);
            factor.Store(change + i);
        }
    }

    private static void Stretch(float* sums, float* factors, int rows, int columns)
    {
        for (var i = 0; i < columns; i += 8)
        {
            var factor = Vector256.Load(factors + i);
            for (var row = 0; row < rows; row++)
                (Vector256.Load(sums + (row * columns) + i) * factor).Store(sums + (row * columns) + i);
        }
    }
}
