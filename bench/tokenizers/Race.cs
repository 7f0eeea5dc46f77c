using System.Diagnostics;

namespace Octavo.Bench.Tokenizers;

/// <summary>Times contenders over one corpus, in turns, on one thread.</summary>
internal static class Race
{
    private const double SecondsPerRun = 0.4;

    /// <summary>Prints a line for each contender: megabytes of UTF-8 a second, and how many times faster the first contender is.</summary>
    public static void Run(string kind, Corpus corpus, Contender[] contenders, int rounds)
    {
        var passes = contenders.Select(contender => Passes(corpus, contender)).ToArray();
        var speeds = contenders.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            // The order turns, so that a drift hits all alike.
            for (var i = 0; i < contenders.Length; i++)
            {
                var which = (round + i) % contenders.Length;
                speeds[which].Add(Speed(corpus, contenders[which], passes[which]));
            }
        }
        for (var i = 0; i < contenders.Length; i++)
        {
            var ratios = speeds[0].Zip(speeds[i], (mine, other) => mine / other).Order().ToArray();
            var sorted = speeds[i].Order().ToArray();
            var times = i == 0 ? "" : $"   {Median(ratios),6:f2} times ({ratios[0]:f2} to {ratios[^1]:f2})";
            var agreement = i == 0 ? "" : Agreement(corpus, contenders[0], contenders[i]);
            Console.WriteLine($"{kind,-12} {corpus.Name,-8} {contenders[i].Name,-14} {Median(sorted),7:f2} MB/s "
                + $"({sorted[0]:f2} to {sorted[^1]:f2}){times}{agreement}");
        }
    }

    private static double Median(double[] sorted) => sorted[sorted.Length / 2];

    // The first passes are the warm-up too: until the time of a run is full.
    private static int Passes(Corpus corpus, Contender contender)
    {
        var passes = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed.TotalSeconds < 2 * SecondsPerRun || passes < 2; passes++)
            Pass(corpus, contender);
        return Math.Max(1, passes / 2);
    }

    private static double Speed(Corpus corpus, Contender contender, int passes)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < passes; i++)
            Pass(corpus, contender);
        return corpus.Bytes * passes / watch.Elapsed.TotalSeconds / 1e6;
    }

    private static void Pass(Corpus corpus, Contender contender)
    {
        foreach (var document in corpus.Documents)
            contender.Encode(document);
    }

    private static string Agreement(Corpus corpus, Contender mine, Contender other)
    {
        var same = corpus.Documents.Count(document => mine.Encode(document).AsSpan().SequenceEqual(other.Encode(document)));
        return same == corpus.Documents.Length ? "" : $"   same ids for {same} of {corpus.Documents.Length}";
    }
}
