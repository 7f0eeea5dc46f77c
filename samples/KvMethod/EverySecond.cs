using Octavo.Engine.Kv;

namespace EverySecondToken;

/// <summary>Keeps every second token, which is a bad idea.</summary>
public sealed record EverySecond : ScoredMethod
{
    public override string Name => "every_second";

    public override float[][] Score(KvLayer layer)
    {
        var scores = new float[layer.Tokens];
        for (var i = 0; i < layer.Tokens; i++)
            scores[i] = i % 2;
        return [.. Enumerable.Repeat(scores, layer.StoredHeads)];
    }
}
