using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>Several methods at once, each at its own moment: one may say how the prompt is read, one what is kept, one how that is packed, and one what is read afterwards.</summary>
/// <param name="Parts">The methods, in any order.</param>
public sealed record ComposedKv(IReadOnlyList<KvMethod> Parts) : KvMethod
{
    /// <inheritdoc/>
    public override string Name => string.Join('+', Parts.Select(part => part.Name));

    /// <inheritdoc/>
    public override KvNeeds Needs => new()
    {
        Queries = Parts.Max(part => part.Needs.Queries),
        ColumnSums = Parts.Any(part => part.Needs.ColumnSums),
        MomentsFrom = Parts.Select(part => part.Needs.MomentsFrom).FirstOrDefault(from => from is not null),
        WholePrompt = Parts.Any(part => part.Needs.WholePrompt),
    };

    /// <inheritdoc/>
    public override bool StoresQueryHeads => Parts.Any(part => part.StoresQueryHeads);

    /// <inheritdoc/>
    public override int? Interval => Parts.Select(part => part.Interval).FirstOrDefault(interval => interval is not null);

    /// <inheritdoc/>
    public override bool Attends => Parts.Any(part => part.Attends);

    /// <inheritdoc/>
    public override KvPattern[]? Attend(KvLayer layer) => Parts.FirstOrDefault(part => part.Attends)?.Attend(layer);

    /// <inheritdoc/>
    public override KvBlend? Blend => Parts.Select(part => part.Blend).FirstOrDefault(blend => blend is not null);

    /// <inheritdoc/>
    public override bool Renumbers => Parts.Any(part => part.Renumbers);

    /// <inheritdoc/>
    public override KvPacking? Packing => Parts.Select(part => part.Packing).FirstOrDefault(packing => packing is not null);

    /// <inheritdoc/>
    public override KvSelector? NewSelector() => Parts.Select(part => part.NewSelector()).FirstOrDefault(selector => selector is not null);

    /// <inheritdoc/>
    public override int[][]? Compress(KvLayer layer)
    {
        int[][]? kept = null;
        foreach (var part in Parts)
        {
            // what keeps a prompt's best has no say in what comes later
            var chosen = layer.IsPrompt || part.Interval is not null ? part.Compress(layer) : null;
            if (chosen is not null && kept is not null)
                throw new ConfigException($"'{Name}': two of these choose what is kept; name one.");
            kept ??= chosen;
        }
        return kept;
    }

    /// <summary>Whether it is the same methods in the same order.</summary>
    public bool Equals(ComposedKv? other) => other is not null && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => Parts.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        if (Parts.Count(part => part.Attends) > 1)
            problems.Add("two of these say how a prompt is read; name one.");
        if (Parts.Count(part => part.NewSelector() is not null) > 1)
            problems.Add("two of these choose what is read; name one.");
        if (Parts.Count(part => part.Packing is not null) > 1)
            problems.Add("two of these pack what is kept; name one.");
        if (Parts.Count(part => part.Blend is not null) > 1)
            problems.Add("two of these blend chunks; name one.");
        if (Blend is not null && (Attends || Needs != default))
            problems.Add("what notes or reads a prompt in a way of its own needs all of it to run; leave it or the blending out.");
        if (Attends && Needs.ColumnSums)
            problems.Add("sums of attention are those of a prompt that is read with everything; leave one of the two out.");
        if ((Packing is not null || Renumbers) && Interval is not null)
            problems.Add("what is packed or moved cannot be compressed again; leave one of the two out.");
        foreach (var part in Parts)
            part.Validate();
    }
}
