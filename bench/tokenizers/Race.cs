namespace Octavo.Bench.Tokenizers;

/// <summary>Times the contenders of one tokenizer file over texts, in turns, on one thread.</summary>
/// <param name="kind">The file.</param>
/// <param name="rounds">How often each is timed.</param>
internal sealed class Race(TokenizerKind kind, int rounds)
{
    private const double SecondsPerRun = 0.04;
    private const double WarmUpSeconds = 0.8;

    // Processor time of all the program's threads: turns of other programs do not count, and help by more threads does.
    private static double Now => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Runs all tests over all texts.</summary>
    public IEnumerable<Row> Run(Corpus[] texts)
    {
        var racers = kind.Contenders.Select(contender => contender.Load()).ToArray();
        foreach (var racer in racers)
            WarmUp(racer, texts);
        foreach (var text in texts)
        {
            var tests = Encode(racers, text, "encode", text.Long)
                .Concat(Encode(racers, text, "messages", text.Short))
                .Concat(First(racers, text)).Concat(Decode(racers, text));
            foreach (var row in tests)
                yield return row;
        }
        foreach (var racer in racers)
            racer.Dispose();
    }

    private Row[] Encode(Racer[] racers, Corpus text, string test, string[] parts) => Rows(racers, text, test, Same(racers, parts),
        Timed(racers, racer => racer.Encode, parts, Corpus.Bytes(parts), rounds));

    // A tokenizer that has just been loaded and a text that it sees for the first time: nothing is remembered.
    private Row[] First(Racer[] racers, Corpus text)
    {
        var (count, bytes) = (rounds / 2 + 1, Corpus.Bytes(text.Long));
        var rates = racers.Select(_ => new double[count]).ToArray();
        for (var round = 0; round < count; round++)
        {
            for (var i = 0; i < racers.Length; i++)
            {
                var which = (round + i) % racers.Length;
                using var racer = kind.Contenders[which].Load();
                Collect();
                rates[which][round] = bytes / Seconds(racer.Encode, text.Long, 1) / 1e6;
            }
        }
        return Rows(racers, text, "first", Same(racers, text.Long), rates);
    }

    // Everyone decodes Octavo's ids.
    private Row[] Decode(Racer[] racers, Corpus text)
    {
        var ids = text.Long.Select(part => racers[0].Ids(part, true)).ToArray();
        var expected = ids.Select(part => racers[0].Decoding(part)()).ToArray();
        var same = racers.Select(racer => ids.Zip(expected).Count(pair => racer.Decoding(pair.First)() == pair.Second)).ToArray();
        var actions = racers.ToDictionary(racer => racer, racer => ids.Select(racer.Decoding).ToArray());
        Func<int, int> Action(Racer racer) => part => actions[racer][part]().Length;
        var rates = Timed(racers, Action, [.. Enumerable.Range(0, ids.Length)], Corpus.Bytes(expected), rounds);
        return Rows(racers, text, "decode", same, rates);
    }

    private static int[] Same(Racer[] racers, string[] parts)
    {
        bool IsSame(Racer racer, string part) =>
            racer.Ids(part, racer.AddsSpecial).AsSpan().SequenceEqual(racers[0].Ids(part, racer.AddsSpecial));
        return [.. racers.Select(racer => parts.Count(part => IsSame(racer, part)))];
    }

    private Row[] Rows(Racer[] racers, Corpus text, string test, int[] same, double[][] rates) =>
    [
        .. racers.Select((_, i) => new Row(kind.Name, text.Name, test, kind.Contenders[i].Name)
        {
            Rates = rates[i],
            Ratios = i == 0 ? [] : [.. rates[0].Zip(rates[i], (mine, other) => mine / other)],
            Same = same[i],
            Parts = test == "messages" ? text.Short.Length : text.Long.Length,
        }),
    ];

    private static double[][] Timed<T>(Racer[] racers, Func<Racer, Func<T, int>> action, T[] parts, long bytes, int rounds)
    {
        var actions = racers.Select(action).ToArray();
        var passes = actions.Select(one => Passes(one, parts)).ToArray();
        var rates = racers.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            // The order turns, so that a drift hits all alike.
            for (var i = 0; i < racers.Length; i++)
            {
                var which = (round + i) % racers.Length;
                rates[which][round] = bytes * passes[which] / Seconds(actions[which], parts, passes[which]) / 1e6;
            }
        }
        return rates;
    }

    private static int Passes<T>(Func<T, int> action, T[] parts)
    {
        var (start, passes) = (Now, 0);
        for (; Now - start < 2 * SecondsPerRun || passes < 2; passes++)
            Seconds(action, parts, 1);
        return Math.Max(1, passes / 2);
    }

    private static double Seconds<T>(Func<T, int> action, T[] parts, int passes)
    {
        var start = Now;
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var part in parts)
                action(part);
        }
        return Now - start;
    }

    private static void WarmUp(Racer racer, Corpus[] texts)
    {
        for (var start = Now; Now - start < WarmUpSeconds;)
        {
            foreach (var text in texts)
            {
                foreach (var part in text.Short.Take(100).Append(text.Long[0]))
                    racer.Decoding(racer.Ids(part, true))();
            }
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
