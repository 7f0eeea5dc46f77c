namespace Octavo.Bench.Peers;

/// <summary>One pair: every setting of the peer and Octavo, with a probe before, between and after. Values are by setting, Octavo's under
/// <see cref="Pairs.Octavo"/>.</summary>
internal sealed record Pair(IReadOnlyDictionary<string, double> Values, IReadOnlyList<ProbeResult> Probes, double Apart, bool IsKept);

/// <summary>All pairs of one test against one peer, and what they say.</summary>
internal sealed record Row(string Peer, RaceTest Test)
{
    /// <summary>The peer's best setting.</summary>
    public string Setting { get; init; } = "";
    public Statistic? PeerValue { get; init; }
    public Statistic? OctavoValue { get; init; }
    /// <summary>How many times better Octavo is, pair by pair: above 1 it wins, whatever the unit.</summary>
    public Statistic? Ratio { get; init; }
    public IReadOnlyList<Pair> Pairs { get; init; } = [];
    /// <summary>Why there is no ratio.</summary>
    public string? Reason { get; init; }

    public int Dropped => Pairs.Count(pair => !pair.IsKept);
}

/// <summary>Runs interleaved pairs: peer, Octavo, then Octavo, peer, and so on, so that a drift of the machine hits both alike.</summary>
internal sealed class Pairs(OctavoContender octavo, Probe probe, RaceOptions options)
{
    public const string Octavo = "octavo";

    public Row Run(Contender peer, RaceTest test)
    {
        var settings = peer.Settings(test, options);
        var pairs = new List<Pair>();
        for (var i = 0; i < options.Pairs; i++)
        {
            string[] order = [.. settings, Octavo];
            if (i % 2 == 1)
                Array.Reverse(order);
            var (pair, reason) = RunOne(peer, test, order);
            if (reason is not null)
                return Judge(peer, test, settings, pairs) with { Reason = reason, Ratio = null };
            pairs.Add(pair!);
            Console.Error.WriteLine($"  {peer.Name} {test.Name} {i + 1}/{options.Pairs}: "
                + string.Join(", ", order.Select(name => $"{name} {test.Show(pair!.Values[name])}"))
                + $" {test.Unit}; probes {string.Join("; ", pair!.Probes)}{(pair.IsKept ? "" : " (dropped)")}");
        }
        return Judge(peer, test, settings, pairs);
    }

    private (Pair? Pair, string? Reason) RunOne(Contender peer, RaceTest test, string[] order)
    {
        var values = new Dictionary<string, double>();
        var probes = new List<ProbeResult> { probe.Run() };
        foreach (var name in order)
        {
            var measured = name == Octavo ? octavo.Measure(test, "", options) : peer.Measure(test, name, options);
            if (measured.Value is not { } value)
                return (null, $"{(name == Octavo ? "Octavo" : $"{peer.Name} {name}")}: {measured.Reason}");
            values[name] = value;
            probes.Add(probe.Run());
        }
        var apart = ProbeResult.Apart(probes);
        var isTimed = test.Kind != TestKind.Memory;
        return (new(values, probes, apart, !isTimed || apart <= options.Apart), null);
    }

    /// <summary>The peer's best setting by its median over kept pairs, and the ratios against it.</summary>
    internal static Row Judge(Contender peer, RaceTest test, IReadOnlyList<string> settings, IReadOnlyList<Pair> pairs)
    {
        var kept = pairs.Where(pair => pair.IsKept).ToArray();
        if (kept.Length == 0)
            return new(peer.Name, test) { Pairs = pairs, Reason = pairs.Count == 0 ? null : "every pair was dropped: the machine is too restless" };
        double Median(string name) => Statistic.Of(kept.Select(pair => pair.Values[name]))!.Median;
        var best = test.IsRate ? settings.MaxBy(Median)! : settings.MinBy(Median)!;
        return new(peer.Name, test)
        {
            Setting = best, Pairs = pairs,
            PeerValue = Statistic.Of(kept.Select(pair => pair.Values[best])),
            OctavoValue = Statistic.Of(kept.Select(pair => pair.Values[Octavo])),
            Ratio = Statistic.Of(kept.Select(pair =>
                test.IsRate ? pair.Values[Octavo] / pair.Values[best] : pair.Values[best] / pair.Values[Octavo])),
        };
    }
}
