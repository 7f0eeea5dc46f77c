// Probabilities are computed again from the sums that the forward pass kept: five products of blocks, as in FlashAttention-2 (arXiv 2307.08691).
using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>The gradients of one query head of one sequence; T is the type of q, y and their gradients.</summary>
internal static unsafe class AttentionBackward
{
    /// <summary>What lies where.</summary>
    /// <param name="Q">[N, H, Dh]</param>
    /// <param name="K">[Hkv, N, padded Dh]</param>
    /// <param name="V">[Hkv, N, padded Dh]</param>
    /// <param name="Y">[N, H, Dh]</param>
    /// <param name="Lse">[H, N]</param>
    /// <param name="Dy">[N, H, Dh]</param>
    /// <param name="Dq">[N, H, Dh], written.</param>
    /// <param name="Dk">[H, N, padded Dh] of each query head apart, zeros at first.</param>
    /// <param name="Dv">[H, N, padded Dh], the same.</param>
    /// <param name="Count">N.</param>
    public readonly record struct Places(nint Q, nint K, nint V, nint Y, nint Lse, nint Dy, nint Dq, nint Dk, nint Dv, int Count);

    // the working memory of one head: blocks of queries as rows and as columns, scores, and one number a query
    private readonly ref struct Scratch
    {
        private readonly float* _memory;

        public Scratch(int padded)
        {
            const int Size = AttentionBlocks.Size;
            _memory = AttentionBlocks.Take((6 * padded * Size) + (2 * Size * Size) + (2 * Size));
            Q = _memory;
            Dy = Q + (padded * Size);
            Y = Dy + (padded * Size);
            Qt = Y + (padded * Size);
            Dyt = Qt + (padded * Size);
            Dqt = Dyt + (padded * Size);
            Scores = Dqt + (padded * Size);
            Slopes = Scores + (Size * Size);
            Lse = Slopes + (Size * Size);
            Delta = Lse + Size;
        }

        public float* Q { get; }
        public float* Dy { get; }
        public float* Y { get; }
        public float* Qt { get; }
        public float* Dyt { get; }
        public float* Dqt { get; }
        public float* Scores { get; }
        public float* Slopes { get; }
        public float* Lse { get; }
        public float* Delta { get; }

        public void Dispose() => AttentionBlocks.Free(_memory);
    }

    /// <param name="shape">What is computed.</param>
    /// <param name="start">The sequence's first row.</param>
    /// <param name="length">Its tokens.</param>
    /// <param name="head">The query head.</param>
    /// <param name="at">What lies where.</param>
    public static void Run<T>(AttentionShape shape, int start, int length, int head, Places at) where T : struct, INumbers
    {
        using var scratch = new Scratch(shape.Padded);
        for (var query = 0; query < length; query += AttentionBlocks.Size)
            Queries<T>(shape, start, length, head, query, at, scratch);
    }

    private static void Queries<T>(AttentionShape shape, int start, int length, int head, int query, Places at, Scratch scratch) where T : struct, INumbers
    {
        var padded = shape.Padded;
        var rows = Math.Min(AttentionBlocks.Size, length - query);
        var columns = BlockProduct.Padded(rows);
        long stride = shape.Heads * shape.Width;
        var first = ((long)(start + query) * stride) + (head * shape.Width);
        AttentionBlocks.Rows<T>((void*)at.Q, first, stride, scratch.Q, rows, shape.Width);
        AttentionBlocks.Rows<T>((void*)at.Dy, first, stride, scratch.Dy, rows, shape.Width);
        AttentionBlocks.Rows<T>((void*)at.Y, first, stride, scratch.Y, rows, shape.Width);
        AttentionBlocks.Transpose(scratch.Q, scratch.Qt, rows, padded, columns, shape.Softcap == 0 ? shape.Scale : shape.Scale / shape.Softcap);
        AttentionBlocks.Transpose(scratch.Dy, scratch.Dyt, rows, padded, columns, 1);
        Sums(scratch, (float*)at.Lse + ((nint)head * at.Count) + start + query, rows, columns, padded);
        new Span<float>(scratch.Dqt, padded * columns).Clear();
        var own = (((nint)head * at.Count) + start) * padded;
        var shared = (((nint)(head / (shape.Heads / shape.KvHeads)) * at.Count) + start) * padded;
        var (from, end) = shape.Keys(query, rows, length);
        for (var key = from; key < end; key += AttentionBlocks.Size)
        {
            var keys = Math.Min(AttentionBlocks.Size, end - key);
            var skipped = (nint)key * padded;
            var k = (float*)at.K + shared + skipped;
            var v = (float*)at.V + shared + skipped;
            BlockProduct.Multiply(k, padded, 1, scratch.Qt, scratch.Scores, keys, columns, padded, adds: false);
            BlockProduct.Multiply(v, padded, 1, scratch.Dyt, scratch.Slopes, keys, columns, padded, adds: false);
            if (shape.Softcap != 0)
                AttentionBlocks.Cap(scratch.Scores, keys * columns, shape.Softcap);
            AttentionBlocks.Mask(shape, scratch.Scores, key, keys, query, columns);
            Slopes(shape, scratch, keys, columns);
            BlockProduct.Multiply(scratch.Scores, columns, 1, scratch.Dy, (float*)at.Dv + own + skipped, keys, padded, rows, adds: true);
            BlockProduct.Multiply(scratch.Slopes, columns, 1, scratch.Q, (float*)at.Dk + own + skipped, keys, padded, rows, adds: true);
            BlockProduct.Multiply(k, 1, padded, scratch.Slopes, scratch.Dqt, padded, columns, keys, adds: true);
        }
        AttentionBlocks.Store<T>(scratch.Dqt, columns, (void*)at.Dq, first, stride, rows, shape.Width);
    }

    // δ = Σ dy · y, which is Σ p · dp over the keys
    private static void Sums(Scratch scratch, float* lse, int rows, int columns, int padded)
    {
        for (var row = 0; row < rows; row++)
        {
            var sum = Vector256<float>.Zero;
            for (var i = 0; i < padded; i += 8)
                sum += Vector256.Load(scratch.Dy + (row * padded) + i) * Vector256.Load(scratch.Y + (row * padded) + i);
            (scratch.Delta[row], scratch.Lse[row]) = (Vector256.Sum(sum), lse[row]);
        }
        for (var row = rows; row < columns; row++)
            (scratch.Delta[row], scratch.Lse[row]) = (0, float.MaxValue);
    }

    // scores become probabilities p; dp becomes the gradient of q · k: p · (dp − δ) · scale
    private static void Slopes(AttentionShape shape, Scratch scratch, int keys, int columns)
    {
        for (var i = 0; i < columns; i += 8)
        {
            var (lse, delta) = (Vector256.Load(scratch.Lse + i), Vector256.Load(scratch.Delta + i));
            for (var j = 0; j < keys; j++)
            {
                var score = scratch.Scores + (j * columns) + i;
                var slope = scratch.Slopes + (j * columns) + i;
                var x = Vector256.Load(score);
                var p = Exponential.Of(x - lse);
                var d = p * (Vector256.Load(slope) - delta) * shape.Scale;
                if (shape.Softcap != 0)
                {
                    // tanh' = 1 − tanh²; hidden scores are beyond the cap and have p = 0
                    var t = x / shape.Softcap;
                    d *= Vector256.Max(Vector256<float>.One - (t * t), Vector256<float>.Zero);
                }
                p.Store(score);
                d.Store(slope);
            }
        }
    }

    /// <summary>Adds up the gradients of the query heads that share a key head.</summary>
    /// <param name="shape">Heads.</param>
    /// <param name="apart">[H, N, padded Dh]</param>
    /// <param name="to">[N, Hkv, Dh] of type T.</param>
    /// <param name="first">The first token.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="count">N.</param>
    public static void AddUp<T>(AttentionShape shape, float* apart, void* to, long first, long end, int count) where T : struct, INumbers
    {
        var (padded, group) = (shape.Padded, shape.Heads / shape.KvHeads);
        for (var token = first; token < end; token++)
        {
            for (var head = 0; head < shape.KvHeads; head++)
            {
                var from = apart + ((((nint)head * group * count) + (nint)token) * padded);
                var at = ((token * shape.KvHeads) + head) * shape.Width;
                var i = 0;
                for (; i <= shape.Width - 8; i += 8)
                {
                    var sum = Vector256.Load(from + i);
                    for (var other = 1; other < group; other++)
                        sum += Vector256.Load(from + ((nint)other * count * padded) + i);
                    T.Store(to, at + i, sum);
                }
                for (; i < shape.Width; i++)
                {
                    var sum = from[i];
                    for (var other = 1; other < group; other++)
                        sum += from[((nint)other * count * padded) + i];
                    T.StoreOne(to, at + i, sum);
                }
            }
        }
    }
}
