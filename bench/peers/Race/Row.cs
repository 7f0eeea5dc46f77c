namespace Octavo.Bench.Peers;

/// <summary>All pairs of one test against one peer, and what they say.</summary>
internal sealed record Row(string Peer, RaceTest Test)
{
    /// <summary>The peer's best setting.</summary>
    public string Setting { get; private init; } = "";

    public Statistic? PeerValue { get; private init; }

    public Statistic? OctavoValue { get; private init; }

    /// <summary>How many times better Octavo is, pair by pair: above 1 it wins, whatever the unit.</summary>
    public Statistic? Ratio { get; private init; }

    public IReadOnlyList<Pair> Pairs { get; private init; } = [];

    /// <summary>Runs that gave nothing, with what the program said.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    public int Dropped => Pairs.Count(pair => !pair.IsKept);

    /// <summary>The peer's best setting by its median over kept pairs, and the ratios against it.</summary>
    /// <param name="peer">The peer's name.</param>
    /// <param name="test">The test.</param>
    /// <param name="settings">The settings that ran in every pair.</param>
    /// <param name="pairs">All pairs.</param>
    public static Row Judge(string peer, RaceTest test, IReadOnlyList<string> settings, IReadOnlyList<Pair> pairs)
    {
        var kept = pairs.Where(pair => pair.IsKept).ToArray();
        var row = new Row(peer, test) { Pairs = pairs };
        if (kept.Length == 0 || settings.Count == 0)
            return row;
        double Median(string name) => Statistic.Of(kept.Select(pair => pair.Values[name]))!.Median;
        var best = test.IsRate ? settings.MaxBy(Median)! : settings.MinBy(Median)!;
        var whole = kept.Where(pair => pair.Values.ContainsKey(Peers.Pairs.Octavo)).ToArray();
        return row with
        {
            Setting = best,
            PeerValue = Statistic.Of(kept.Select(pair => pair.Values[best])),
            OctavoValue = Statistic.Of(whole.Select(pair => pair.Values[Peers.Pairs.Octavo])),
            Ratio = Statistic.Of(whole.Select(pair => Better(test, pair.Values[Peers.Pairs.Octavo], pair.Values[best]))),
        };
    }

    private static double Better(RaceTest test, double octavo, double peer) => test.IsRate ? octavo / peer : peer / octavo;
}
