using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>
/// Each head reads a prompt in a pattern of its own, whose places are found as the prompt is read: columns and diagonals that its last 64
/// rows look at, or blocks whose means fit. Everything is stored. Jiang et al., arXiv 2407.02490; SCBench's minference and its fallback
/// of 1000 columns and 6096 diagonals. O(n·(V + 64·S)) scores at most, and 64 rows of n for the estimate. Ranges are the union of what the
/// diagonals touch per 64 rows; <see cref="ReleasedKernel"/> extends them as the released kernel does.
/// </summary>
public sealed record MInference : KvMethod
{
    /// <summary>Columns of heads that <see cref="Patterns"/> does not name.</summary>
    public int Vertical { get; init; } = 1000;

    /// <summary>Diagonals of those heads.</summary>
    public int Slash { get; init; } = 6096;

    /// <summary>Columns at the beginning that are always read.</summary>
    public int ForcedColumns { get; init; } = 30;

    /// <summary>Nearest diagonals that are always read, at least 1.</summary>
    public int ForcedDiagonals { get; init; } = 100;

    /// <summary>Whether ranges that overlap are extended by a whole block of 64, as the released kernel does.</summary>
    public bool ReleasedKernel { get; init; }

    /// <summary>The pattern of each head: [layers][H]; null for <see cref="Vertical"/> and <see cref="Slash"/> everywhere.</summary>
    public IReadOnlyList<IReadOnlyList<HeadPattern>>? Patterns { get; init; }

    /// <inheritdoc/>
    public override string Name => "minference";

    /// <inheritdoc/>
    public override bool Attends => true;

    /// <inheritdoc/>
    public override KvNeeds Needs => new() { WholePrompt = true };

    /// <inheritdoc/>
    public override KvPattern[] Attend(KvLayer layer)
    {
        if (Patterns is not null && (Patterns.Count != layer.Layers || Patterns[layer.Layer].Count != layer.Heads))
            throw new ConfigException($"minference: the patterns are for {Patterns.Count} layers of {Patterns[0].Count} heads; the model has {layer.Layers} of {layer.Heads}.");
        var made = new KvPattern[layer.Heads];
        layer.ForEach(layer.Heads, head => made[head] = Make(layer, head, Patterns?[layer.Layer][head] ?? new HeadPattern(HeadPattern.VerticalSlash, Vertical, Slash)));
        return made;
    }

    /// <summary>Whether it is the same settings, with the same patterns.</summary>
    public bool Equals(MInference? other) =>
        other is not null && (Vertical, Slash, ForcedColumns, ForcedDiagonals, ReleasedKernel) == (other.Vertical, other.Slash, other.ForcedColumns, other.ForcedDiagonals, other.ReleasedKernel)
        && Patterns?.Count == other.Patterns?.Count && (Patterns ?? []).SelectMany(heads => heads).SequenceEqual((other.Patterns ?? []).SelectMany(heads => heads));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Vertical, Slash, ForcedColumns, ForcedDiagonals, ReleasedKernel, Patterns?.Count);

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Patterns is { Count: 0 })
            problems.Add("patterns is an empty list; leave it out for the same pattern everywhere.");
        if ((Patterns ?? []).SelectMany(heads => heads).Any(head => head.Vertical < 0 || head.Slash < 0 || (head.Type == HeadPattern.Streaming && head.Slash < 1)))
            problems.Add("a pattern has a negative size, or a window of no token.");
        if (Vertical < 0 || Slash < 0 || ForcedColumns < 0)
            problems.Add("vertical, slash and forced_columns have to be at least 0.");
        if (ForcedDiagonals < 1)
            problems.Add($"forced_diagonals is {ForcedDiagonals}; give at least 1, so that every row reads itself.");
        foreach (var type in (Patterns ?? []).SelectMany(heads => heads).Select(head => head.Type).Distinct())
        {
            if (type is not (HeadPattern.VerticalSlash or HeadPattern.Streaming or HeadPattern.BlockSparse))
                problems.Add($"there is no pattern '{type}'; it is vertical_and_slash, stream_llm or block_sparse.");
        }
    }

    /// <summary>A head's pattern with the places that this prompt gives it.</summary>
    internal KvPattern Make(KvLayer layer, int head, HeadPattern chosen)
    {
        if (chosen.Type == HeadPattern.Streaming)
            return new AShape.Pattern(chosen.Vertical, chosen.Slash);
        if (chosen.Type == HeadPattern.BlockSparse)
            return new BlockSparsePattern(BlockSparsePattern.Choose(layer, head, KvPattern.MostRows, chosen.Vertical), KvPattern.MostRows);
        var estimate = VerticalSlashEstimate.Of(layer, head);
        // the released code takes at least 50 diagonals where it forces 100
        return new VerticalSlashPattern(
            estimate.Columns(Math.Max(chosen.Vertical, ForcedColumns), ForcedColumns),
            estimate.Distances(Math.Max(chosen.Slash, (ForcedDiagonals + 1) / 2), ForcedDiagonals), ReleasedKernel);
    }
}
