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
    public const string AShape = "A-shape 4+20";
    public const string TriShape = "Tri-shape 4+20+8";
    public const string Quest = "Quest 24";
    public const string Kivi4 = "KIVI 4 bits";
    public const string Kivi1 = "KIVI 1 bit";
    public const string Random = "random 24";

    private const string Claim =
        "A method that keeps a quarter of a context's keys and values for the question that it sees answers that question, and loses the questions "
        + "that come later on the same context; where it sees no question, it loses all of them. Methods that store everything and read, or "
        + "compute, a part of it answer on (SCBench, arXiv 2412.10319).";

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
                DemoCheck.AtMost("A-shape, turn 1", Row(AShape).Turns[0], 40),
                DemoCheck.AtLeast("A-shape, mean of later turns", Row(AShape).Later, 95),
                DemoCheck.AtLeast("Tri-shape, worst turn", Row(TriShape).Turns.Min(), 95),
                DemoCheck.AtLeast("Quest, mean of turns", Row(Quest).Turns.Average(), 85),
                DemoCheck.AtLeast("KIVI in 4 bits, mean of turns", Row(Kivi4).Turns.Average(), 99),
                DemoCheck.AtMost("KIVI in 1 bit, mean of turns", Row(Kivi1).Turns.Average(), 80),
                DemoCheck.AtLeast("SnapKV above random at turn 1, points", snap.Turns[0] - random.Turns[0], 1),
            ]);
    }
}
