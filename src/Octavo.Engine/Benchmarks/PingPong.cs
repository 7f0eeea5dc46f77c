using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Octavo.Engine.Benchmarks;

/// <summary>How long a message takes from one thread to another and back: what every meeting of the engine's threads costs at least.</summary>
internal sealed class PingPong
{
    private const int MostBatches = 60;
    private const int TripsPerBatch = 100;
    private const int Stop = -1;

    // where other programs hold the processors, one trip takes milliseconds
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(300);

    private PaddedCounter _there;
    private PaddedCounter _back;

    /// <summary>Seconds of the median trip there and back; null where two threads cannot run at once.</summary>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public static double? Measure(CancellationToken cancellationToken = default) =>
        Environment.ProcessorCount < 2 ? null : new PingPong().Run(cancellationToken);

    private double Run(CancellationToken cancellationToken)
    {
        var partner = new Thread(Answer) { IsBackground = true, Name = "octavo-ping-pong" };
        partner.Start();
        List<double> trips = [];
        try
        {
            var ball = 0;
            var began = Stopwatch.GetTimestamp();
            for (var batch = 0; batch < MostBatches && (trips.Count == 0 || Stopwatch.GetElapsedTime(began) < _patience); batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var start = Stopwatch.GetTimestamp();
                for (var trip = 0; trip < TripsPerBatch; trip++)
                {
                    Volatile.Write(ref _there.Value, ++ball);
                    while (Volatile.Read(ref _back.Value) != ball)
                        ;
                }
                trips.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / TripsPerBatch);
            }
        }
        finally
        {
            Volatile.Write(ref _there.Value, Stop);
            partner.Join();
        }
        trips.Sort();
        return trips[trips.Count / 2];
    }

    private void Answer()
    {
        var seen = 0;
        while (seen != Stop)
        {
            var now = Volatile.Read(ref _there.Value);
            if (now == seen)
                continue;
            seen = now;
            Volatile.Write(ref _back.Value, now);
        }
    }

    /// <summary>A counter on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedCounter
    {
        [FieldOffset(128)]
        public int Value;
    }
}
