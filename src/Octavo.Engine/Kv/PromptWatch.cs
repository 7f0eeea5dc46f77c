namespace Octavo.Engine.Kv;

/// <summary>What is noted of one sequence's queries while its prompt is read, for the method that is to compress it.</summary>
/// <param name="needs">What is noted.</param>
/// <param name="layers">Layers of the model.</param>
/// <param name="heads">Query heads.</param>
/// <param name="headDim">Width of a head.</param>
/// <param name="capacity">The most tokens.</param>
internal sealed unsafe class PromptWatch(KvNeeds needs, int layers, int heads, int headDim, int capacity)
{
    private readonly float[]?[] _queries = new float[layers][];
    private readonly float[]?[] _sums = new float[layers][];
    private readonly QueryMoments?[] _moments = new QueryMoments[layers];
    private int _seen;

    public KvNeeds Needs => needs;

    /// <summary>Whether a pass that is run again would be noted twice.</summary>
    public bool AddsUp => needs.ColumnSums || needs.MomentsFrom is not null;

    /// <summary>The same notes for a second sequence.</summary>
    public PromptWatch Copy()
    {
        var copy = new PromptWatch(needs, layers, heads, headDim, capacity) { _seen = _seen };
        for (var layer = 0; layer < layers; layer++)
        {
            copy._queries[layer] = _queries[layer]?.ToArray();
            copy._sums[layer] = _sums[layer]?.ToArray();
            copy._moments[layer] = _moments[layer]?.Copy();
        }
        return copy;
    }

    /// <summary>Notes queries before they are rotated.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="position">Position of the first.</param>
    /// <param name="rows">How many.</param>
    /// <param name="q">[rows, heads, headDim]</param>
    public void SeeUnrotated(int layer, int position, int rows, float* q)
    {
        if (needs.MomentsFrom is not { } from)
            return;
        var moments = _moments[layer] ??= new QueryMoments(heads, headDim);
        for (var row = Math.Max(0, from - position); row < rows; row++)
            moments.Add(q + ((long)row * heads * headDim));
    }

    /// <summary>Notes queries as they met the keys.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="position">Position of the first.</param>
    /// <param name="rows">How many.</param>
    /// <param name="q">[rows, heads, headDim]</param>
    /// <param name="unscale">What undoes the factor that they were multiplied with.</param>
    public void See(int layer, int position, int rows, float* q, float unscale)
    {
        _seen = Math.Max(_seen, position + rows);
        if (needs.Queries == 0)
            return;
        var width = heads * headDim;
        var kept = _queries[layer] ??= new float[needs.Queries * width];
        for (var row = Math.Max(0, rows - needs.Queries); row < rows; row++)
        {
            var to = kept.AsSpan((position + row) % needs.Queries * width, width);
            new ReadOnlySpan<float>(q + ((long)row * width), width).CopyTo(to);
            foreach (ref var number in to)
                number *= unscale;
        }
    }

    /// <summary>Where column sums of a layer are added up: [heads][capacity].</summary>
    public float[] SumsOf(int layer) => _sums[layer] ??= new float[heads * capacity];

    public ReadOnlySpan<float> Query(int layer, int token, int head)
    {
        if (token >= _seen || token < _seen - needs.Queries)
            throw new InvalidOperationException($"The query of token {token} was not noted; of {_seen} tokens the last {needs.Queries} were.");
        return _queries[layer].AsSpan(((token % needs.Queries * heads) + head) * headDim, headDim);
    }

    public ReadOnlySpan<float> ColumnSums(int layer, int head) => needs.ColumnSums
        ? SumsOf(layer).AsSpan(head * capacity, _seen)
        : throw new InvalidOperationException("Column sums were not noted; Needs must name them.");

    public (float[] Mean, float[] Covariance) Moments(int layer, int head) => _moments[layer] is { } moments
        ? moments.Of(head)
        : throw new InvalidOperationException("Moments of queries were not noted; Needs must name them, and the prompt be longer than what they leave out.");
}
