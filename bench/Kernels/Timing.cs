using System.Diagnostics;

namespace Octavo.Bench.Kernels;

/// <summary>Median and best of several runs, each long enough for the clock.</summary>
internal static class Timing
{
    private const int Runs = 9;
    private const double SecondsPerRun = 0.02;

    /// <summary>Seconds per call.</summary>
    public static (double Median, double Best) Measure(Action call) => Measure(call, SecondsPerRun, Runs);

    /// <summary>Many runs shorter than a time slice: on a busy machine the best ones are undisturbed.</summary>
    public static (double Median, double Best) MeasureShort(Action call) => Measure(call, 0.001, 150);

    private static (double Median, double Best) Measure(Action call, double secondsPerRun, int runs)
    {
        call();
        var start = Stopwatch.GetTimestamp();
        call();
        var calls = (int)Math.Clamp(secondsPerRun / Math.Max(1e-9, Stopwatch.GetElapsedTime(start).TotalSeconds), 1, 1_000_000);
        var seconds = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            start = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++)
                call();
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
        }
        Array.Sort(seconds);
        return (seconds[runs / 2], seconds[0]);
    }

    public static void Print(string what, (double Median, double Best) seconds, double bytes, double operations) =>
        Console.WriteLine(
            $"{what,-36} {bytes / seconds.Median / 1e9,7:f1} GB/s {operations / seconds.Median / 1e9,7:f1} GOP/s"
            + $"   best {bytes / seconds.Best / 1e9,7:f1} {operations / seconds.Best / 1e9,7:f1}   {seconds.Median * 1e6,10:f1} µs");
}
