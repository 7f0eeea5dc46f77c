using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>
/// Keeps tokens at random: the control that a method has to beat. Each head of each layer keeps others, the same ones for the same seed
/// and length, whatever the prompt says. No paper; kvpress has RandomPress. O(n); stored: the budget.
/// </summary>
public sealed record RandomKv : ScoredMethod
{
    /// <inheritdoc/>
    public override string Name => "random";

    /// <summary>Where the draws begin.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override float[][] Score(KvLayer layer)
    {
        var scores = new float[layer.StoredHeads][];
        for (var head = 0; head < scores.Length; head++)
        {
            var random = new SeededRandom(((ulong)(uint)Seed << 32) + (ulong)((layer.Layer * layer.StoredHeads) + head));
            scores[head] = new float[layer.Tokens];
            for (var i = 0; i < layer.Tokens; i++)
                scores[head][i] = (float)random.NextDouble();
        }
        return scores;
    }

    /// <inheritdoc/>
    protected override void AddProblems(ICollection<string> problems)
    {
        base.AddProblems(problems);
        if (Seed < 0)
            problems.Add($"seed is {Seed}; give at least 0.");
    }
}
