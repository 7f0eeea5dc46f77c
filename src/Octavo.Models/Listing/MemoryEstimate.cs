using Octavo.Core.Tensors;

namespace Octavo.Models;

/// <summary>What running a model takes in memory, in bytes, by parts. The process itself comes on top.</summary>
/// <param name="Weights">The stored weights; tied ones count once.</param>
/// <param name="Cache">Keys and values of every position of every sequence; sliding windows do not shorten it.</param>
/// <param name="Activations">Rows that are being computed, and the logits.</param>
public sealed record MemoryEstimate(long Weights, long Cache, long Activations)
{
    private const int PageTokens = 64;

    /// <summary>All parts together.</summary>
    public long Total => checked(Weights + Cache + Activations);

    /// <summary>
    /// Estimates from a description alone: matrices in <paramref name="matrices"/> (F16 where their rows do not fill its blocks), norms and
    /// biases in F32.
    /// </summary>
    /// <param name="model">A description.</param>
    /// <param name="matrices">How matrices are stored.</param>
    /// <param name="contextLength">Positions of each sequence, rounded up to whole pages of 64.</param>
    /// <param name="batch">Sequences at once.</param>
    /// <param name="cacheBytes">Bytes of one cached number: 4, 2, 1 or a part of one.</param>
    /// <param name="rows">Rows that are computed together.</param>
    public static MemoryEstimate For(TextModel model, TensorType matrices, int contextLength, int batch = 1, double cacheBytes = 4, int rows = 64) =>
        For(model, view => TypeOf(view, matrices), contextLength, batch, cacheBytes, rows);

    /// <summary>Estimates from a description and a type for each tensor.</summary>
    /// <param name="model">A description.</param>
    /// <param name="typeOf">How a tensor is stored.</param>
    /// <param name="contextLength">Positions of each sequence, rounded up to whole pages of 64.</param>
    /// <param name="batch">Sequences at once.</param>
    /// <param name="cacheBytes">Bytes of one cached number.</param>
    /// <param name="rows">Rows that are computed together.</param>
    public static MemoryEstimate For(
        TextModel model, Func<View, TensorType> typeOf, int contextLength, int batch = 1, double cacheBytes = 4, int rows = 64)
    {
        var weights = ModelListing.Stored(model).Sum(view => typeOf(view).ByteLength(ModelListing.Elements(view)));
        return With(weights, model, contextLength, batch, cacheBytes, rows);
    }

    /// <summary>Estimates for an opened checkpoint, with its weights as they are stored.</summary>
    /// <param name="checkpoint">An opened checkpoint.</param>
    /// <param name="contextLength">Positions of each sequence, rounded up to whole pages of 64.</param>
    /// <param name="batch">Sequences at once.</param>
    /// <param name="cacheBytes">Bytes of one cached number.</param>
    /// <param name="rows">Rows that are computed together.</param>
    public static MemoryEstimate For(Checkpoint checkpoint, int contextLength, int batch = 1, double cacheBytes = 4, int rows = 64)
    {
        var weights = ModelListing.Stored(checkpoint.Model).Where(checkpoint.Has).Sum(view => checkpoint.Resolve(view).ByteLength);
        return With(weights, checkpoint.Model, contextLength, batch, cacheBytes, rows);
    }

    private static TensorType TypeOf(View view, TensorType matrices) =>
        view.Shape.Count < 2 ? TensorType.F32 : view.Shape[^1] % matrices.BlockLength() == 0 ? matrices : TensorType.F16;

    private static MemoryEstimate With(long weights, TextModel model, int contextLength, int batch, double cacheBytes, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cacheBytes);
        var mixers = model.Stacks.SelectMany(stack => stack.Layers).SelectMany(layer => layer.Parts).Select(part => part.Mix).ToList();
        var numbers = mixers.OfType<Attention>().Sum(a => 2L * a.KvHeads * a.HeadDim);
        var positions = ((long)contextLength + PageTokens - 1) / PageTokens * PageTokens * batch;
        var widest = mixers.Max(mixer => mixer switch
        {
            Attention a => (2L * a.Heads * a.HeadDim) + (2L * a.KvHeads * a.HeadDim),
            Mlp m => 2L * m.Up.Outputs,
            Experts e => 2L * e.Each[0].Up.Outputs,
            _ => 0,
        });
        var logits = model.Stacks.SelectMany(stack => stack.Heads).Sum(head => (long)head.Projection.W.Shape[0]) * batch;
        var activations = ((rows * ((2L * model.HiddenSize) + widest)) + logits) * sizeof(float);
        return new MemoryEstimate(weights, checked((long)Math.Ceiling(numbers * (double)positions * cacheBytes)), activations);
    }
}
