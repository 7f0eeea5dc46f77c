using System.Numerics;
using Octavo.Engine.Cache;
using Octavo.Engine.Running;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Kv;

/// <summary>One layer of one sequence, as a <see cref="KvMethod"/> sees it after the prompt. Valid during the call only; not thread-safe.</summary>
public sealed class KvLayer
{
    private readonly KvCache _cache;
    private readonly PromptWatch? _watch;
    private readonly LoweredAttention _part;
    private readonly LoweredRotary? _rotary;
    private readonly float[]?[] _keys;
    private readonly float[]?[] _values;

    internal KvLayer(KvCache cache, int layer, int layers, LoweredAttention part, LoweredRotary? rotary, bool perQueryHead, bool isPrompt)
    {
        IsPrompt = isPrompt;
        _cache = cache;
        _watch = cache.Watch;
        _part = part;
        _rotary = rotary;
        (Layer, Layers) = (layer, layers);
        PerQueryHead = perQueryHead;
        _keys = new float[KvHeads][];
        _values = new float[KvHeads][];
    }

    /// <summary>The layer's number, from 0.</summary>
    public int Layer { get; }

    /// <summary>How many layers the model has.</summary>
    public int Layers { get; }

    /// <summary>Query heads (H).</summary>
    public int Heads => _part.Shape.Heads;

    /// <summary>Key-value heads (Hkv).</summary>
    public int KvHeads => _part.Shape.KvHeads;

    /// <summary>Query heads that share a key-value head (g = H / Hkv).</summary>
    public int Group => Heads / KvHeads;

    /// <summary>Width of a head (d).</summary>
    public int HeadDim => _part.Shape.HeadDim;

    /// <summary>Whether the prompt has just been read; false where tokens that came after it are compressed too.</summary>
    public bool IsPrompt { get; }

    /// <summary>Tokens that each head stores (n): those of the prompt, or what was kept of it and what came after.</summary>
    public int Tokens => _cache.StoredTokens(Layer, 0);

    /// <summary>Tokens of the prompt, read or not.</summary>
    public int PromptTokens => _cache.Reading?.PromptTokens ?? Tokens;

    /// <summary>What scores q·k are multiplied with, 1/√d as a rule.</summary>
    public float Scale => _part.Shape.Scale;

    /// <summary>Whether every query head keeps tokens of its own.</summary>
    public bool PerQueryHead { get; }

    /// <summary>Heads that are rated apart: <see cref="KvHeads"/>, or <see cref="Heads"/> with <see cref="PerQueryHead"/>.</summary>
    public int StoredHeads => PerQueryHead ? Heads : KvHeads;

    /// <summary>The key-value head that a stored head is a copy of.</summary>
    public int KvHeadOf(int storedHead) => storedHead * KvHeads / StoredHeads;

    /// <summary>Keys of a key-value head after rotation, as they are stored: [n][d].</summary>
    public ReadOnlySpan<float> Keys(int kvHead) => _keys[kvHead] ??= new StoredHead(_cache, Layer, kvHead).Keys();

    /// <summary>Values of a key-value head: [n][d].</summary>
    public ReadOnlySpan<float> Values(int kvHead) => _values[kvHead] ??= new StoredHead(_cache, Layer, kvHead).Values();

    /// <summary>The key of one token: [d].</summary>
    public ReadOnlySpan<float> Key(int kvHead, int token) => Keys(kvHead).Slice(token * HeadDim, HeadDim);

    /// <summary>How many of the last queries were noted.</summary>
    public int Queries => Prompt is not null ? Tokens : Math.Min(Tokens, _watch?.Needs.Queries ?? 0);

    /// <summary>A query of one head after rotation, not scaled: [d].</summary>
    /// <param name="token">The index of one of the last <see cref="Queries"/> tokens.</param>
    /// <param name="head">A query head.</param>
    public ReadOnlySpan<float> Query(int token, int head) => Prompt is { } prompt
        ? prompt.AsSpan(((token * Heads) + head) * HeadDim, HeadDim)
        : Watch.Query(Layer, _cache.SeenTokens - Tokens + token, head);

    /// <summary>All queries of the prompt [n][H][d], where it runs layer by layer.</summary>
    internal float[]? Prompt { get; init; }

    /// <summary>The attention that a token's query gives to the tokens up to it: [n], 0 behind it.</summary>
    /// <param name="token">One of the last <see cref="Queries"/>.</param>
    /// <param name="head">A query head.</param>
    /// <param name="weights">[n]</param>
    public void Attention(int token, int head, Span<float> weights)
    {
        var query = Query(token, head);
        var kvHead = head / Group;
        weights[(token + 1)..].Clear();
        var seen = weights[..(token + 1)];
        var max = float.NegativeInfinity;
        var cap = _part.Shape.Softcap;
        for (var j = 0; j < seen.Length; j++)
        {
            var score = Scale * Dot(query, Key(kvHead, j));
            max = MathF.Max(max, seen[j] = cap == 0 ? score : cap * MathF.Tanh(score / cap));
        }
        Normalize(seen, max);
    }

    /// <summary>The attention that a token got from all queries of a head, summed: [n].</summary>
    public ReadOnlySpan<float> ColumnSums(int head) => Watch.ColumnSums(Layer, head);

    /// <summary>Mean [d] and covariance [d][d] of a head's queries before rotation.</summary>
    public (float[] Mean, float[] Covariance) Moments(int head) => Watch.Moments(Layer, head);

    /// <summary>
    /// The rotation of queries, averaged over some positions: [d][d], so that R q is what a query will look like on the average. The
    /// identity where the layer does not rotate.
    /// </summary>
    public float[] MeanRotation(int from, int count) => RotationMean.Of(_rotary, _part.Pairing, HeadDim, from, count);

    /// <summary>The mean over the query heads of each key-value head, or the lists as they are with <see cref="PerQueryHead"/>.</summary>
    /// <param name="perHead">[H][n]</param>
    /// <returns>[stored heads][n]</returns>
    public float[][] Grouped(float[][] perHead)
    {
        if (PerQueryHead)
            return perHead;
        var grouped = new float[KvHeads][];
        for (var kvHead = 0; kvHead < KvHeads; kvHead++)
        {
            var sum = grouped[kvHead] = new float[perHead[0].Length];
            for (var head = kvHead * Group; head < (kvHead + 1) * Group; head++)
            {
                for (var i = 0; i < sum.Length; i++)
                    sum[i] += perHead[head][i] / Group;
            }
        }
        return grouped;
    }

    /// <summary>Does something for each of some numbers from 0, on as many threads as the model has.</summary>
    public void ForEach(int count, Action<int> action)
    {
        if (Pool is null || count < 2)
        {
            for (var i = 0; i < count; i++)
                action(i);
            return;
        }
        // what they share is read once, before
        for (var kvHead = 0; kvHead < KvHeads; kvHead++)
            _ = Keys(kvHead);
        Pool.Run(new ActionRegion(action), count);
    }

    /// <summary>The threads that the model computes on; null where they are not at hand.</summary>
    internal WorkerPool? Pool { get; init; }

    private sealed class ActionRegion(Action<int> action) : Region
    {
        public override void Run(int item, int worker) => action(item);
    }

    /// <summary>Scores to weights: exp(s − max) / Σ.</summary>
    internal static void Normalize(Span<float> scores, float max)
    {
        var sum = 0f;
        for (var j = 0; j < scores.Length; j++)
            sum += scores[j] = MathF.Exp(scores[j] - max);
        for (var j = 0; j < scores.Length; j++)
            scores[j] /= sum;
    }

    /// <summary>a·b.</summary>
    internal static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private PromptWatch Watch => _watch
        ?? throw new InvalidOperationException("The method asks for what was not noted while the prompt was read; its Needs must name it.");
}
