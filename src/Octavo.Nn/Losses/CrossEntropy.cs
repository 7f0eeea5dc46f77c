// Cross-entropy over a large vocabulary without ever holding all logits: rows go through the head in chunks, and a chunk's gradient is taken
// at once (as in Liger's fused linear cross-entropy, arXiv 2410.10989). Logits, softmax and losses are fp32.
using Octavo.Core;
using Octavo.Nn.Decoder;
using static TorchSharp.torch;

namespace Octavo.Nn.Losses;

/// <summary>−log softmax(head(h))[target] of chosen rows, and its gradient.</summary>
public static class CrossEntropy
{
    // 64 MiB of fp32 logits at a time
    private const long ChunkNumbers = 1 << 24;

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
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (block, cap) = decoder.Head("lm_head");
        var losses = new float[rows.Length];
        var step = (int)Math.Max(1, chunkNumbers / decoder.Model.VocabularySize);
        for (var at = 0; at < rows.Length; at += step)
        {
            using var chunk = NewDisposeScope();
            var count = Math.Min(step, rows.Length - at);
            var index = tensor(rows[at..(at + count)], int64);
            var h = hidden.index_select(0, index);                              // [m, C]
            var back = weights is null ? null : tensor(weights[at..(at + count)]).unsqueeze(1);
            var (loss, dh) = Chunk(decoder, block, cap, h, tensor(targets[at..(at + count)], int64), back);
            loss.data<float>().CopyTo(losses.AsSpan(at, count));
            if (dh is not null)
                gradient!.index_add_(0, index, dh, 1);
        }
        return losses;
    }

    private static (Tensor Loss, Tensor? Gradient) Chunk(
        TrainableDecoder decoder, LinearBlock block, float cap, Tensor h, Tensor target, Tensor? weights)
    {
        var type = decoder.Compute;
        var w = block.Weight.In(type);                                          // [V, C]
        var hc = h.to(type);
        var logits = nn.functional.linear(hc, w).to(ScalarType.Float32);        // [m, V]
        if (cap != 0)
            logits.div_(cap).tanh_().mul_(cap);
        var sums = logits.logsumexp(1);
        var column = target.unsqueeze(1);
        var loss = sums - logits.gather(1, column).squeeze(1);
        if (weights is null)
            return (loss, null);
        var slope = cap == 0 ? null : logits.div(cap).square().neg_().add_(1);
        // softmax − one-hot, in place of the logits
        var d = logits.sub_(sums.unsqueeze(1)).exp_();
        d.scatter_add_(1, column, full_like(column, -1, ScalarType.Float32));
        d.mul_(weights);
        if (slope is not null)
            d.mul_(slope);
        var dc = d.to(type);
        if (block.Weight.Trained is { } trained)
        {
            var sum = trained.grad;
            if (sum is null)
                trained.grad = sum = zeros_like(trained);
            if (type == ScalarType.Float32 && trained.dtype == ScalarType.Float32)
                sum.addmm_(dc.t(), hc, 1, 1);
            else
                sum.add_(Ops.MatMul(dc.t(), hc));
        }
        return (loss, Ops.MatMul(dc, w).to(ScalarType.Float32));
    }
}
