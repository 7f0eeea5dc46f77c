using System.Globalization;
using Octavo.Core;

namespace Octavo.Bench.Peers;

/// <summary>Finds the peers, refuses crippled ones, runs every test against each of them and writes what came out.</summary>
internal sealed class Race(RaceOptions options)
{
    private static readonly string[] _names = ["mainline", "ik", "llamasharp"];

    private readonly Processor _processor = Processor.Read();

    public int Run()
    {
        var peers = Peers();
        if (options.ListOnly)
            return 0;
        if (peers.Count == 0)
            throw new ConfigException($"There is no peer in {options.Cache} to race against. Build one: bench/peers/race build mainline");
        var octavo = OctavoContender.Identify(options);
        Tell("Octavo", octavo);
        using var probe = new Probe(options.Threads);
        probe.Run();
        var pairs = new Pairs(new OctavoContender(), probe, options);
        var tests = RaceTest.Select(options.Tests, options.Tokens);
        var engines = peers.ToDictionary(peer => peer.Contender.Name, peer => peer.Identity);
        engines["octavo"] = octavo;
        var (date, rows) = (TimeProvider.System.GetUtcNow(), new List<Row>());
        var path = options.Out ?? Path.Combine(options.Cache, "results",
            date.ToString("yyyyMMdd'T'HHmmss'Z.json'", CultureInfo.InvariantCulture));
        var report = MakeReport(date, rows, engines);
        foreach (var (peer, test) in peers.SelectMany(peer => tests.Select(test => (peer.Contender, test))))
        {
            rows.Add(pairs.Run(peer, test));
            report.Write(path);   // a race takes long: what is done must survive an interruption
        }
        report.Print(Console.Out);
        Console.WriteLine($"All runs and probes: {path}");
        return rows.All(row => row.Ratio is not null) ? 0 : 1;
    }

    private Report MakeReport(DateTimeOffset date, IReadOnlyList<Row> rows, IReadOnlyDictionary<string, Identity> engines) => new()
    {
        Date = date, Processor = _processor.Name, Processors = Environment.ProcessorCount,
        Features = [.. _processor.Features], Model = Path.GetFileName(options.Model), Threads = options.Threads, Kv = options.Kv,
        OctavoKv = options.OctavoKv ?? options.Kv, Repetitions = options.Repetitions, Apart = options.Apart,
        Engines = engines, Rows = rows,
    };

    private List<(Contender Contender, Identity Identity)> Peers()
    {
        if (options.Peers.FirstOrDefault(name => !_names.Contains(name)) is { } unknown)
            throw new ConfigException($"There is no peer '{unknown}'; there are {string.Join(", ", _names)}.");
        var peers = new List<(Contender, Identity)>();
        foreach (var name in _names.Where(name => options.Peers.Count == 0 || options.Peers.Contains(name)))
        {
            var (contender, identity, missing) = Find(name, Path.Combine(options.Cache, name));
            if (missing is null)
                peers.Add((contender, identity!));
            else if (options.Peers.Count > 0)
                throw new ConfigException($"{name}: {missing}.");
            else
                Console.WriteLine($"{name}: left out: {missing}.");
        }
        return peers;
    }

    // the third is why it cannot race
    private (Contender Contender, Identity? Identity, string? Missing) Find(string name, string folder)
    {
        Contender contender = name switch
        {
            "mainline" => new MainlineContender(folder),
            "ik" => new IkContender(folder),
            _ => new LlamaSharpContender(folder),
        };
        var isThere = contender is LlamaCppContender { IsThere: true } or LlamaSharpContender { IsThere: true };
        if (!isThere)
            return (contender, null, $"it is not in {folder}; bench/peers/race build {name} puts it there");
        var identity = contender is LlamaCppContender native
            ? native.Identify(options, _processor)
            : ((LlamaSharpContender)contender).Identify(options, _processor);
        Tell(name, identity);
        var crippled = (contender as LlamaCppContender)?.Crippled(identity);
        return (contender, identity, crippled is null
            ? null
            : $"refused as crippled: {crippled}. Build it again here: bench/peers/race build {name}");
    }

    private static void Tell(string name, Identity identity)
    {
        Console.WriteLine($"{name}: {identity.Version}");
        Console.WriteLine($"  built with {identity.Build}");
        Console.WriteLine($"  {identity.SystemInfo}");
        if (identity.Lacking.Count > 0)
            Console.WriteLine($"  does not use {string.Join(", ", identity.Lacking)} of this processor");
    }
}
