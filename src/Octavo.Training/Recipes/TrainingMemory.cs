using Octavo.Core;
using Octavo.Evaluation.Charts;
using Octavo.Models;
using Octavo.Nn.Decoder;

namespace Octavo.Training.Recipes;

/// <summary>What training takes in memory, by part, before anything is allocated. Bytes.</summary>
/// <param name="Parts">Each part with its name.</param>
internal sealed record TrainingMemory(IReadOnlyList<(string Name, long Bytes)> Parts)
{
    // the runtime, libtorch and its buffers, before any weight: measured
    private const long Program = 350_000_000;

    // matrices of 4 bits that have become numbers and are not yet given back: measured
    private const int TurnedAtOnce = 4;

    // what the C library's heap holds beside activations, in parts of them: they come and go in many sizes, and what lies between them is not
    // given back. Measured: without adapters fewer sizes are mixed.
    private const double HeapWithAdapters = 0.8;
    private const double Heap = 0.3;

    /// <summary>Together.</summary>
    public long Total => Parts.Sum(part => part.Bytes);

    /// <summary>Estimates a run.</summary>
    /// <param name="model">The description.</param>
    /// <param name="options">How numbers are kept.</param>
    /// <param name="trained">Numbers that are trained.</param>
    /// <param name="tokens">Tokens of a micro-batch, without padding.</param>
    public static TrainingMemory Estimate(TextModel model, DecoderOptions options, long trained, long tokens)
    {
        var parameters = ModelListing.ParameterCount(model);
        var tables = (long)model.VocabularySize * model.HiddenSize * (IsTied(model) ? 1 : 2);
        var width = options.Compute == NumberType.Bf16 ? 2 : 4;
        var kept = options.Trained == NumberType.Bf16 ? 2 : 4;
        var layers = model.Stacks[0].Layers.Count;
        var (layer, kept32) = LayerNumbers(model);
        var weights = options.Frozen switch
        {
            _ when options.TrainWeights => parameters * kept,
            NumberType.Nf4 => (long)((parameters - tables) * 0.516) + (tables * 2),
            NumberType.Bf16 => parameters * 2,
            _ => parameters * 4,
        };
        // a layer that is computed again holds what it computes alone, the others their input
        var activations = options.Recompute
            ? tokens * ((layers * (long)model.HiddenSize * 4) + (layer * width) + (kept32 * 4))
            : tokens * layers * ((layer * width) + (kept32 * 4));
        // matrices that are kept in another type than they are multiplied in are turned: trained ones for all layers whose graphs are kept,
        // those of 4 bits one at a time, by way of fp32
        var turned = options switch
        {
            { TrainWeights: true } when options.Compute != options.Trained => (parameters - tables) * width / (options.Recompute ? layers : 1),
            { TrainWeights: false, Frozen: NumberType.Nf4 } => LargestMatrix(model) * (4 + width) * TurnedAtOnce,
            _ => 0,
        };
        // a head that is kept in another type is turned whole, and so is what a chunk adds to its gradient
        var isHeadTurned = options.TrainWeights && options.Compute != options.Trained;
        List<(string, long)> parts =
        [
            ("weights", weights), ("gradients", trained * kept), ("optimizer", trained * 8), ("activations", activations + turned),
            ("heap", (long)(activations * (options.TrainWeights ? Heap : HeapWithAdapters))),
            ("logits of a chunk", ((1L << 24) * width) + (isHeadTurned ? 2 * tables / (IsTied(model) ? 1 : 2) * width : 0)), ("program", Program),
        ];
        if (!options.TrainWeights)
            parts.Insert(1, ("adapters", trained * 4));
        return new TrainingMemory(parts);
    }

    /// <summary>Refuses a run that does not fit, with what would.</summary>
    /// <param name="available">What there is.</param>
    /// <param name="limit">What the user allows; null for no limit.</param>
    /// <param name="options">How numbers are kept.</param>
    /// <exception cref="ResourceException">It needs more.</exception>
    public void Check(long available, double? limit, DecoderOptions options)
    {
        var most = Math.Min(available, limit is { } gigabytes ? (long)(gigabytes * (1L << 30)) : long.MaxValue);
        if (Total <= most)
            return;
        var advice = (List<string>)[];
        if (!options.Recompute)
            advice.Add("gradient_checkpointing: true keeps fewer activations");
        if (options.TrainWeights)
            advice.Add("use_lora: true trains adapters instead of all weights");
        else if (options.Frozen != NumberType.Nf4)
            advice.Add("use_qlora: true keeps the base in 4 bits");
        advice.Add("a smaller per_device_train_batch_size or max_seq_length makes activations smaller");
        var parts = string.Join(", ", Parts.Select(part => $"{part.Name} {ChartNumber.Bytes(part.Bytes)}"));
        throw new ResourceException($"the run needs about {ChartNumber.Bytes(Total)} of memory ({parts}) and has {ChartNumber.Bytes(most)}. {string.Join("; ", advice)}.");
    }

    private static bool IsTied(TextModel model) => model.Stacks[0].Heads.Any(head => head.Projection.W == model.Stacks[0].Input.Table);

    // numbers that a layer's graph keeps for each token: of the type of the pass what norms give, what products give (queries and keys before
    // and after rotation, the attention's result, gate, up and their product), and in fp32 the residual before each part
    private static (long Numbers, long Fp32) LayerNumbers(TextModel model)
    {
        var (numbers, fp32, c) = (0L, 0L, (long)model.HiddenSize);
        foreach (var part in model.Stacks[0].Layers[0].Parts)
        {
            fp32 += c;
            numbers += c;
            numbers += part.Mix switch
            {
                Attention a => (3L * a.Heads * a.HeadDim) + (3L * a.KvHeads * a.HeadDim),
                Mlp m => 3L * m.Up.Outputs,
                Experts e => 3L * e.Each[0].Up.Outputs * e.Active,
                _ => 0,
            };
        }
        return (numbers, fp32);
    }

    // of those that are kept in 4 bits: embeddings and heads never are
    private static long LargestMatrix(TextModel model)
    {
        string[] others = [model.Stacks[0].Input.Table.Name, .. model.Stacks[0].Heads.Select(head => head.Projection.W.Name)];
        return ModelListing.Keys(model).Where(key => key.Shape.Count > 1 && !others.Contains(key.Name))
            .Max(key => key.Shape.Aggregate(1L, (product, size) => product * size));
    }
}
