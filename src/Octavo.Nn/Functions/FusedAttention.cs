using Octavo.Core;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>
/// Softmax attention of each sequence with itself, in blocks: no scores are kept, keys and values are not repeated for the query heads that
/// share them, and all sequences of a pass go at once. Sums are fp32 and in one order, whatever the number of threads.
/// </summary>
internal sealed unsafe class FusedAttention : GuardedFunction<FusedAttention>
{
    /// <param name="q">[N, H, Dh] fp32 or bf16</param>
    /// <param name="k">[N, Hkv, Dh] of the same type</param>
    /// <param name="v">[N, Hkv, Dh] of the same type</param>
    /// <param name="shape">What is computed.</param>
    /// <param name="lengths">Tokens of each sequence; N together.</param>
    /// <returns>[N, H, Dh]</returns>
    /// <exception cref="UnsupportedException">Queries that see the future have a window.</exception>
    /// <exception cref="ShapeException">Shapes or types do not fit.</exception>
    public static Tensor Apply(Tensor q, Tensor k, Tensor v, AttentionShape shape, IReadOnlyList<int> lengths)
    {
        if (!shape.IsCausal && shape.Window != int.MaxValue)
            throw new UnsupportedException("attention that sees the future cannot have a window.");
        long count = lengths.Sum();
        if (shape.Heads % shape.KvHeads != 0 || !Is(q, shape.Heads) || !Is(k, shape.KvHeads) || !Is(v, shape.KvHeads)
            || q.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || k.dtype != q.dtype || v.dtype != q.dtype)
        {
            throw new ShapeException(
                $"attention of {count} tokens, {shape.Heads} heads and {shape.KvHeads} key heads of {shape.Width} in fp32 or bf16: [{string.Join(", ", q.shape)}], [{string.Join(", ", k.shape)}], [{string.Join(", ", v.shape)}] are given.");
        }
        return apply(q, k, v, shape, lengths);

        bool Is(Tensor x, int heads) => x.dim() == 3 && x.shape[0] == count && x.shape[1] == heads && x.shape[2] == shape.Width;
    }

    protected override Tensor Value(autograd.AutogradContext ctx, object[] vars)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (q, k, v) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        var (shape, lengths) = ((AttentionShape)vars[3], (IReadOnlyList<int>)vars[4]);
        var y = empty(q.shape, q.dtype);
        var lse = empty([shape.Heads, q.shape[0]], ScalarType.Float32);
        if (q.dtype == ScalarType.Float32)
            Forward<Fp32>(q, k, v, y, lse, shape, lengths);
        else
            Forward<Bf16>(q, k, v, y, lse, shape, lengths);
        // the result's numbers under another handle: keeping the result itself would keep the graph alive for ever
        var kept = y.detach();
        ctx.save_for_backward([q, k, v, kept, lse]);
        kept.MoveToOuterDisposeScope();
        lse.MoveToOuterDisposeScope();
        ctx.save_data("shape", shape);
        ctx.save_data("lengths", lengths);
        return y.MoveToOuterDisposeScope();
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient)
    {
        var (shape, lengths) = ((AttentionShape)ctx.get_data("shape"), (IReadOnlyList<int>)ctx.get_data("lengths"));
        var dy = gradient.contiguous();
        Tensor[] gradients = [empty_like(saved[0]), empty_like(saved[1]), empty_like(saved[2])];
        if (dy.dtype == ScalarType.Float32)
            Backward<Fp32>(saved, dy, gradients, shape, lengths);
        else
            Backward<Bf16>(saved, dy, gradients, shape, lengths);
        return [.. gradients, null!, null!];
    }

    private static void Forward<T>(Tensor q, Tensor k, Tensor v, Tensor y, Tensor lse, AttentionShape shape, IReadOnlyList<int> lengths)
        where T : struct, INumbers
    {
        var (keys, values, count) = (Packed<T>(k, shape), Packed<T>(v, shape), (int)q.shape[0]);
        var (pq, pk, pv, py, pl) = (Place(q), Place(keys), Place(values), Place(y), Place(lse));
        var tiles = AttentionForward.Tiles(shape, lengths);
        TorchThreads.Run(tiles.Length, i => AttentionForward.Run<T>(shape, tiles[i], (void*)pq, (float*)pk, (float*)pv, (void*)py, (float*)pl, count));
    }

    private static void Backward<T>(List<Tensor> saved, Tensor dy, Tensor[] gradients, AttentionShape shape, IReadOnlyList<int> lengths)
        where T : struct, INumbers
    {
        var (q, count) = (saved[0], (int)saved[0].shape[0]);
        var (keys, values) = (Packed<T>(saved[1], shape), Packed<T>(saved[2], shape));
        var (dk, dv) = (zeros(shape.Heads, count, shape.Padded), zeros(shape.Heads, count, shape.Padded));
        var at = new AttentionBackward.Places(
            Place(q), Place(keys), Place(values), Place(saved[3]), Place(saved[4]), Place(dy), Place(gradients[0]), Place(dk), Place(dv), count);
        List<(int Start, int Length, int Head)> work = [];
        var start = 0;
        foreach (var length in lengths)
        {
            for (var head = 0; head < shape.Heads; head++)
                work.Add((start, length, head));
            start += length;
        }
        TorchThreads.Run(work.Count, i => AttentionBackward.Run<T>(shape, work[i].Start, work[i].Length, work[i].Head, at));
        var (pk, pv) = (Place(gradients[1]), Place(gradients[2]));
        TensorMemory.Rows(count, (first, end) =>
        {
            AttentionBackward.AddUp<T>(shape, (float*)at.Dk, (void*)pk, first, end, count);
            AttentionBackward.AddUp<T>(shape, (float*)at.Dv, (void*)pv, first, end, count);
        });
    }

    // [N, Hkv, Dh] becomes [Hkv, N, padded Dh] fp32: a head's rows one after another
    private static Tensor Packed<T>(Tensor x, AttentionShape shape) where T : struct, INumbers
    {
        var (count, padded) = (x.shape[0], shape.Padded);
        var packed = empty([shape.KvHeads, count, padded], ScalarType.Float32);
        var (from, to) = (Place(x), Place(packed));
        TensorMemory.Rows(count, (first, end) =>
        {
            for (var head = 0; head < shape.KvHeads; head++)
            {
                AttentionBlocks.Rows<T>(
                    (void*)from, ((first * shape.KvHeads) + head) * shape.Width, shape.KvHeads * shape.Width,
                    (float*)to + (((head * count) + first) * padded), (int)(end - first), shape.Width);
            }
        });
        return packed;
    }

    private static nint Place(Tensor x) => (nint)TensorMemory.Pointer(x);
}
