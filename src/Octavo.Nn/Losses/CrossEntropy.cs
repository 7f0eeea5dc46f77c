// Cross-entropy over a large vocabulary without ever holding all logits: rows go through the head in chunks, and a chunk's gradient is taken
// at once (as in Liger's fused linear cross-entropy, arXiv 2410.10989). Logits have the type that is computed in, softmax and losses are fp32.
using Octavo.Core;
using Octavo.Nn.Decoder;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Losses;

/// <summary>−log softmax(head(h))[target] of chosen rows, and its gradient.</summary>
public static class CrossEntropy
{
    // 64 MiB of logits at a time, half of that in bf16
    private const long ChunkNumbers = 1 << 24;
    private const int Filled = 64;

    /// <summary>The losses of tokens, without gradients.</summary>
    /// <param name="decoder">Whose language head is used.</param>
    /// <param name="hidden">Rows after the final norm [N, C].</param>
    /// <param name="rows">Which rows predict, M of them.</param>
    /// <param name="targets">The token that each of them should predict.</param>
    /// <returns>M losses in nats.</returns>
    public static float[] Losses(TrainableDecoder decoder, Tensor hidden, int[] rows, int[] targets) =>
        Run(decoder, hidden, rows, targets, null, null, ChunkNumbers);

    /// <summary>
    /// The losses of tokens; the gradient of Σ weight · loss is put at the run's <see cref="DecoderRun.Hidden"/> and added to the head's, where
    /// it is trained. Call the run's Backward afterwards.
    /// </summary>
    /// <param name="decoder">Whose language head is used.</param>
    /// <param name="run">A run made for training.</param>
    /// <param name="rows">Which rows predict, M of them.</param>
    /// <param name="targets">The token that each of them should predict.</param>
    /// <param name="weights">What each loss counts, M numbers.</param>
    /// <returns>M losses in nats, unweighted.</returns>
    /// <exception cref="ShapeException">Lengths differ, or nothing is to be predicted.</exception>
    public static float[] WithGradients(TrainableDecoder decoder, DecoderRun run, int[] rows, int[] targets, float[] weights) =>
        WithGradients(decoder, run, rows, targets, weights, ChunkNumbers);

    /// <summary>The same with chunks of so many logits.</summary>
    internal static float[] WithGradients(TrainableDecoder decoder, DecoderRun run, int[] rows, int[] targets, float[] weights, long chunkNumbers)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length != rows?.Length)
            throw new ShapeException($"{weights.Length} weights for {rows?.Length} rows.");
        using var scope = NewDisposeScope();
        var gradient = zeros_like(run.Hidden);
        var losses = Run(decoder, run.Hidden, rows, targets, weights, gradient, chunkNumbers);
        // the run's tensor holds it from here on; the handle goes with the scope
        run.Hidden.grad = gradient;
        return losses;
    }

    private static float[] Run(
        TrainableDecoder decoder, Tensor hidden, int[] rows, int[] targets, float[]? weights, Tensor? gradient, long chunkNumbers)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(targets);
        if (rows.Length != targets.Length || rows.Length == 0)
            throw new ShapeException($"{rows.Length} rows and {targets.Length} targets; as many of both are expected, and at least one.");
        if (targets.FirstOrDefault(target => (uint)target >= (uint)decoder.Model.VocabularySize, 0) is var wrong and not 0)
            throw new ShapeException($"{wrong} is to be predicted, and the vocabulary has the tokens 0 to {decoder.Model.VocabularySize - 1}; rows without a target are left out.");
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (block, cap) = decoder.Head("lm_head");
        var w = block.Weight.In(decoder.Compute);                               // [V, C]
        var losses = new float[rows.Length];
        var step = (int)Math.Max(1, chunkNumbers / decoder.Model.VocabularySize);
        step -= step > Filled ? step % Filled : 0;
        for (var at = 0; at < rows.Length; at += step)
        {
            using var chunk = NewDisposeScope();
            var count = Math.Min(step, rows.Length - at);
            // a few heights in place of any: memory that is given back then fits what is asked for next
            var height = count < Filled ? count : (count + Filled - 1) / Filled * Filled;
            var index = tensor([.. rows.AsSpan(at, count), .. Enumerable.Repeat(rows[at], height - count)], int64);
            var h = hidden.index_select(0, index);                              // [m, C]
            int[] chosen = [.. targets.AsSpan(at, count), .. new int[height - count]];
            float[]? back = weights is null ? null : [.. weights.AsSpan(at, count), .. new float[height - count]];
            var (loss, dh) = Chunk(w, block.Weight.Trained, cap, h, chosen, back);
            loss.AsSpan(0, count).CopyTo(losses.AsSpan(at));
            if (dh is not null)
                gradient!.index_add_(0, index, dh, 1);
        }
        return losses;
    }

    private static (float[] Losses, Tensor? Gradient) Chunk(
        Tensor w, Tensor? trained, float cap, Tensor h, int[] targets, float[]? weights)
    {
        var hc = h.to(w.dtype);
        var logits = nn.functional.linear(hc, w);                               // [m, V]
        var losses = Softmax(logits, targets, weights, cap);
        if (weights is null)
            return (losses, null);
        // the gradient of the logits lies where they were
        if (trained is not null)
        {
            var sum = trained.grad;
            if (sum is null)
                trained.grad = sum = zeros_like(trained);
            if (w.dtype == trained.dtype)
                sum.addmm_(logits.t(), hc, 1, 1);
            else
                sum.add_(Ops.MatMul(logits.t(), hc));
        }
        return (losses, Ops.MatMul(logits, w).to(ScalarType.Float32));
    }

    private static unsafe float[] Softmax(Tensor logits, int[] targets, float[]? weights, float cap)
    {
        var (rows, width) = logits.Dims2(nameof(logits));
        var losses = new float[rows];
        var (place, type) = ((nint)TensorMemory.Pointer(logits), logits.dtype);
        TensorMemory.Rows(rows, (first, end) =>
        {
            fixed (int* t = targets)
            fixed (float* w = weights, l = losses)
            {
                if (type == ScalarType.Float32)
                    SoftmaxLossKernel.Run<Fp32>((void*)place, t, w, l, first, end, (int)width, cap);
                else
                    SoftmaxLossKernel.Run<Bf16>((void*)place, t, w, l, first, end, (int)width, cap);
            }
        });
        return losses;
    }
}
