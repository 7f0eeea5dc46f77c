namespace Octavo.Bench.Peers;

/// <summary>One pair: every setting of the peer and Octavo, with a probe before, between and after. Values are by setting, Octavo's under
/// <see cref="Pairs.Octavo"/>; what failed has none.</summary>
internal sealed record Pair(IReadOnlyDictionary<string, double> Values, IReadOnlyList<ProbeResult> Probes, double Apart, bool IsKept);

/// <summary>Runs interleaved pairs: peer, Octavo, then Octavo, peer, and so on, so that a drift of the machine hits both alike.</summary>
internal sealed class Pairs(OctavoContender octavo, Probe probe, RaceOptions options)
{
    public const string Octavo = "octavo";

    public Row Run(Contender peer, RaceTest test)
    {
        var names = peer.Settings(test, options).Append(Octavo).ToList();
        var (pairs, failures) = (new List<Pair>(), new List<string>());
        for (var i = 0; i < options.Pairs && names.Count > 1; i++)
        {
            var order = i % 2 == 0 ? [.. names] : Enumerable.Reverse(names).ToArray();
            var pair = RunOne(peer, test, order, failures);
            names.RemoveAll(name => name != Octavo && !pair.Values.ContainsKey(name));
            pairs.Add(pair);
            Tell(peer, test, pair, pairs.Count);
            if (!pair.Values.ContainsKey(Octavo))
                break;
        }
        return Row.Judge(peer.Name, test, [.. names.Where(name => name != Octavo)], pairs) with { Failures = failures };
    }

    private Pair RunOne(Contender peer, RaceTest test, string[] order, List<string> failures)
    {
        var values = new Dictionary<string, double>();
        var probes = new List<ProbeResult> { probe.Run() };
        foreach (var name in order)
        {
            var measured = name == Octavo ? octavo.Measure(test, "", options) : peer.Measure(test, name, options);
            if (measured.Value is { } value)
                values[name] = value;
            else
                failures.Add($"{test.Name}: {(name == Octavo ? "Octavo" : $"{peer.Name} {name}")}: {measured.Reason}");
            probes.Add(probe.Run());
        }
        var apart = ProbeResult.Apart(probes);
        return new(values, probes, apart, test.Kind == TestKind.Memory || apart <= options.Apart);
    }

    private void Tell(Contender peer, RaceTest test, Pair pair, int number)
    {
        var values = string.Join(", ", pair.Values.Select(value => $"{value.Key} {test.Show(value.Value)}"));
        Console.Error.WriteLine($"  {peer.Name} {test.Name} {number}/{options.Pairs}: {values} {test.Unit}; "
            + $"probes {string.Join("; ", pair.Probes)}{(pair.IsKept ? "" : " (dropped)")}");
    }
}
