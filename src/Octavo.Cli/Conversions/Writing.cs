using System.Diagnostics;
using Octavo.Cli.Output;
using Octavo.Models;

namespace Octavo.Cli.Conversions;

/// <summary>Writes a planned conversion and shows how far it is.</summary>
internal static class Writing
{
    private const long Million = 1_000_000;

    /// <returns>What was not carried over, and how long it took.</returns>
    public static (IReadOnlyList<string> Notes, TimeSpan Time) Run(
        ModelConversion plan, string destination, WriteOptions how, Action<string>? check, StatusLine status)
    {
        var start = Stopwatch.GetTimestamp();
        var time = TimeSpan.Zero;
        var notes = plan.Write(destination, how with
        {
            Progress = Progress("writing, million numbers", plan.Elements, status),
            Check = aside =>
            {
                time = Stopwatch.GetElapsedTime(start);
                check?.Invoke(aside);
            },
        });
        return (notes, time);
    }

    /// <summary>Shows sums of numbers in millions.</summary>
    public static IProgress<long> Progress(string what, long total, StatusLine status) => new Sums(what, total, status);

    // at once, on the thread that writes
    private sealed class Sums(string what, long total, StatusLine status) : IProgress<long>
    {
        private long _done;

        public void Report(long value) => status.Report(what, (int)((_done += value) / Million), (int)Math.Max(1, total / Million));
    }
}
