using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>
/// What attention's two directions share: blocks of at most 64 queries and 64 keys. Scores lie transposed, keys in rows and queries in columns,
/// so that the softmax over keys goes down the columns, eight queries at once.
/// </summary>
internal static unsafe class AttentionBlocks
{
    /// <summary>Queries of a block, and keys.</summary>
    public const int Size = 64;

    // finite, so that a column in which all is hidden makes no NaN; what such a column adds is multiplied with 0 once a key is seen
    private const float Hidden = -1e30f;

    /// <summary>Memory for so many fp32 numbers, to be given back by <see cref="Free"/>.</summary>
    public static float* Take(int numbers) => (float*)NativeMemory.AlignedAlloc((nuint)numbers * sizeof(float), 64);

    /// <summary>Gives it back.</summary>
    public static void Free(float* memory) => NativeMemory.AlignedFree(memory);

    /// <summary>Rows of one head become fp32 rows, each as long as a multiple of 16; zeros fill them.</summary>
    /// <param name="from">[N, heads, width]</param>
    /// <param name="first">The first row's place there, in numbers.</param>
    /// <param name="stride">From row to row there.</param>
    /// <param name="to">[rows, padded width]</param>
    /// <param name="rows">How many.</param>
    /// <param name="width">Numbers of a row.</param>
    public static void Rows<T>(void* from, long first, long stride, float* to, int rows, int width) where T : struct, INumbers
    {
        var padded = BlockProduct.Padded(width);
        for (var row = 0; row < rows; row++)
        {
            var at = first + (row * stride);
            var into = to + (row * padded);
            var i = 0;
            for (; i <= width - 8; i += 8)
                T.Load(from, at + i).Store(into + i);
            for (; i < width; i++)
                into[i] = T.LoadOne(from, at + i);
            for (; i < padded; i++)
                into[i] = 0;
        }
    }

    /// <summary>[rows, width] times a factor becomes [width, columns]; columns beyond the rows are zeros.</summary>
    public static void Transpose(float* from, float* to, int rows, int width, int columns, float factor)
    {
        for (var i = 0; i < width; i++)
        {
            var into = to + (i * columns);
            var row = 0;
            for (; row < rows; row++)
                into[row] = from[(row * width) + i] * factor;
            for (; row < columns; row++)
                into[row] = 0;
        }
    }

    /// <summary>[padded width, columns] becomes rows of one head.</summary>
    public static void Store<T>(float* from, int columns, void* to, long first, long stride, int rows, int width) where T : struct, INumbers
    {
        for (var row = 0; row < rows; row++)
        {
            var at = first + (row * stride);
            for (var i = 0; i < width; i++)
                T.StoreOne(to, at + i, from[(i * columns) + row]);
        }
    }

    /// <summary>cap · tanh of scores that were divided by the cap.</summary>
    public static void Cap(float* scores, int numbers, float cap)
    {
        for (var i = 0; i < numbers; i += 8)
            (Exponential.Tanh(Vector256.Load(scores + i)) * cap).Store(scores + i);
    }

    /// <summary>Hides scores of keys that queries do not see.</summary>
    /// <param name="shape">Causality and window.</param>
    /// <param name="scores">[keys, columns]</param>
    /// <param name="key">The first key's place in the sequence.</param>
    /// <param name="keys">How many.</param>
    /// <param name="query">The first query's place.</param>
    /// <param name="columns">Queries, with those that fill the columns.</param>
    public static void Mask(AttentionShape shape, float* scores, int key, int keys, int query, int columns)
    {
        var isAfter = shape.IsCausal && key + keys - 1 > query;
        var isBefore = query + columns - 1 - key >= shape.Window;
        if (!isAfter && !isBefore)
            return;
        for (var j = 0; j < keys; j++)
        {
            var row = new Span<float>(scores + (j * columns), columns);
            var ahead = key + j - query;
            if (isAfter)
                row[..Math.Clamp(ahead, 0, columns)].Fill(Hidden);
            if (isBefore)
                row[(int)Math.Clamp((long)shape.Window + ahead, 0, columns)..].Fill(Hidden);
        }
    }

    /// <summary>A tile of some queries of one head of one sequence.</summary>
    /// <param name="Start">The sequence's first row among all.</param>
    /// <param name="Length">Its tokens.</param>
    /// <param name="Head">The query head.</param>
    /// <param name="Query">The first query's place in the sequence.</param>
    public readonly record struct Tile(int Start, int Length, int Head, int Query);
}
