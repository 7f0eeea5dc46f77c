using System.Diagnostics;

namespace Octavo.Bench.Embeddings;

/// <summary>Times contenders over the same texts, in turns.</summary>
internal static class Race
{
    private const int WarmUpPart = 4;

    /// <summary>One row for each contender; ratios are those of the first one with as many threads to it.</summary>
    public static Row[] Run(IContender[] contenders, int[][] ids, int rounds)
    {
        var some = ids.Where((_, text) => text % WarmUpPart == 0).ToArray();
        foreach (var contender in contenders)
            contender.Embed(some);
        var (wall, processor) = (contenders.Select(_ => new double[rounds]).ToArray(), contenders.Select(_ => new double[rounds]).ToArray());
        for (var round = 0; round < rounds; round++)
        {
            // The order turns, so that a drift hits all alike.
            for (var i = 0; i < contenders.Length; i++)
            {
                var which = (round + i) % contenders.Length;
                var (seconds, busy) = Time(contenders[which], ids);
                (wall[which][round], processor[which][round]) = (ids.Length / seconds, ids.Length / busy);
            }
            Console.Error.WriteLine($"round {round + 1} of {rounds}");
        }
        return [.. contenders.Select((contender, i) => Of(contender, i, Array.FindIndex(contenders, one => one.Threads == contender.Threads)))];
        Row Of(IContender contender, int own, int first) => new(contender.Name, contender.Threads)
        {
            Rates = wall[own],
            RatesByProcessorTime = processor[own],
            Ratios = own == first ? [] : [.. wall[first].Zip(wall[own], (mine, other) => mine / other)],
            RatiosByProcessorTime = own == first ? [] : [.. processor[first].Zip(processor[own], (mine, other) => mine / other)],
        };
    }

    private static (double Seconds, double Processor) Time(IContender contender, int[][] ids)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (start, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        contender.Embed(ids);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - busy).TotalSeconds);
    }
}
