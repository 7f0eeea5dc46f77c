using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>
/// How far the last token of a question looks at what that of the question before looked at, with everything kept: in each head of each layer
/// over the tokens of the context, then the mean. It tells why a choice made for one question does not do for the next.
/// </summary>
/// <param name="model">The model. One thread at a time.</param>
/// <param name="top">Tokens with most attention that are compared.</param>
internal sealed class AttentionShift(LanguageModel model, int top)
{
    /// <summary>The turns after the first, each against the one before it.</summary>
    /// <param name="prompt">The context and its questions.</param>
    /// <param name="mode">How they share it.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows.</param>
    /// <returns>Overlap of the tokens with most attention (Jaccard, 0 to 1), and cosine of all attention.</returns>
    public IReadOnlyList<(double Overlap, double Cosine)> Of(SharedPrompt prompt, ContextMode mode, CancellationToken cancellationToken = default)
    {
        var isRequest = mode == ContextMode.MultiRequest;
        var first = isRequest ? prompt.Context : prompt.Turns[0].Ids;
        List<float[][]> maps = [];
        List<float[]> map = [];
        using var session = model.NewSession(null, new Watched(layer => map.AddRange(Map(layer, first.Count))));
        session.Forward([.. first], null, cancellationToken);
        for (var turn = 0; turn < prompt.Turns.Count; turn++)
        {
            using var request = isRequest ? session.Fork() : null;
            if (turn > 0 || isRequest)
            {
                map.Clear();
                (request ?? session).Forward([.. prompt.Turns[turn].Ids], null, cancellationToken);
            }
            maps.Add([.. map]);
        }
        return [.. maps.Zip(maps.Skip(1), Compare)];
    }

    private (double Overlap, double Cosine) Compare(float[][] before, float[][] now) =>
        (before.Zip(now, (a, b) => Overlap(a, b, top)).Average(), before.Zip(now, Cosine).Average());

    /// <summary>Jaccard: those that are among the most of both, of those that are among the most of one.</summary>
    internal static double Overlap(float[] before, float[] now, int top)
    {
        var (one, other) = (Most(before, top), Most(now, top));
        return one.Intersect(other).Count() / (double)one.Union(other).Count();
    }

    /// <summary>a·b / (|a| |b|).</summary>
    internal static double Cosine(float[] a, float[] b)
    {
        var (product, one, other) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            product += (double)a[i] * b[i];
            one += (double)a[i] * a[i];
            other += (double)b[i] * b[i];
        }
        return product / Math.Sqrt(one * other);
    }

    private static List<int> Most(float[] weights, int top) =>
        [.. Enumerable.Range(0, weights.Length).OrderByDescending(token => weights[token]).ThenBy(token => token).Take(top)];

    // the attention of the last token to the first ones, of each query head
    private static IEnumerable<float[]> Map(KvLayer layer, int tokens)
    {
        var weights = new float[layer.Tokens];
        for (var head = 0; head < layer.Heads; head++)
        {
            layer.Attention(layer.Tokens - 1, head, weights);
            yield return weights[..Math.Min(tokens, weights.Length)];
        }
    }

    /// <summary>Keeps everything and is asked after each reading.</summary>
    private sealed record Watched(Action<KvLayer> Seen) : KvMethod
    {
        public override string Name => "watched";

        public override KvNeeds Needs => new() { Queries = 1 };

        public override int? Interval => 1;

        public override int[][]? Compress(KvLayer layer)
        {
            Seen(layer);
            return null;
        }
    }
}
