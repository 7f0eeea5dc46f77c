namespace Octavo.Systems.ScBench.Demo;

/// <summary>What one setting reached: % of answers right.</summary>
/// <param name="Name">The setting's name.</param>
/// <param name="Turns">For each turn of the conversations.</param>
/// <param name="Requests">Mean of the requests.</param>
internal sealed record ToyFigures(string Name, IReadOnlyList<double> Turns, double Requests)
{
    /// <summary>Mean of the turns after the first.</summary>
    public double Later => Turns.Skip(1).Average();
}

/// <summary>Whether the claim holds, by gates that are loose beside what is usual: seeds differ by some points.</summary>
internal static class ToyVerdict
{
    public const string Full = "full";
    public const string StreamingLlm = "StreamingLLM 4+20";
    public const string SnapKv = "SnapKV 24";
    public const string H2O = "H2O 24";
    public const string Random = "random 24";

    private const string Claim =
        "A method that keeps a quarter of a context's keys and values for the question that it sees answers that question, and loses the questions "
        + "that come later on the same context; where it sees no question, it loses all of them (SCBench, arXiv 2412.10319, its first finding).";

    private const string Control = "the same budget spent on tokens drawn at random, and everything kept";

    /// <summary>Judges figures.</summary>
    /// <param name="figures">Every setting that was run.</param>
    /// <param name="setting">What was run, for the result.</param>
    public static DemoResult Of(IReadOnlyList<ToyFigures> figures, string setting)
    {
        ToyFigures Row(string name) => figures.Single(row => row.Name == name);
        var (full, snap, random) = (Row(Full), Row(SnapKv), Row(Random));
        return new DemoResult(
            Claim, Control, setting, [.. full.Turns.Select((_, turn) => $"turn {turn + 1}"), "requests"],
            [.. figures.Select(row => new DemoRow(row.Name, [.. row.Turns, row.Requests], row.Name is Full or Random))],
            [
                DemoCheck.AtLeast("full, mean of turns", full.Turns.Average(), 99),
                DemoCheck.AtLeast("full, requests", full.Requests, 99),
                DemoCheck.AtLeast("SnapKV, turn 1", snap.Turns[0], 95),
                DemoCheck.AtMost("SnapKV, mean of later turns", snap.Later, 35),
                DemoCheck.AtMost("SnapKV, requests", snap.Requests, 40),
                DemoCheck.AtLeast("SnapKV above random at turn 1, points", snap.Turns[0] - random.Turns[0], 1),
            ]);
    }
}
