using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Octavo.Engine.Benchmarks;

/// <summary>How long a message takes from one thread to another and back: what every meeting of the engine's threads costs at least.</summary>
internal sealed class PingPong
{
    private const int Batches = 15;
    private const int TripsPerBatch = 500;
    private const int Stop = -1;

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
        var trips = new double[Batches];
        try
        {
            var ball = 0;
            for (var batch = -1; batch < Batches; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var start = Stopwatch.GetTimestamp();
                for (var trip = 0; trip < TripsPerBatch; trip++)
                {
                    Volatile.Write(ref _there.Value, ++ball);
                    while (Volatile.Read(ref _back.Value) != ball)
                        ;
                }
                if (batch >= 0)
                    trips[batch] = Stopwatch.GetElapsedTime(start).TotalSeconds / TripsPerBatch;
            }
        }
        finally
        {
            Volatile.Write(ref _there.Value, Stop);
            partner.Join();
        }
        Array.Sort(trips);
        return trips[Batches / 2];
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
