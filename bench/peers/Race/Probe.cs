using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Octavo.Bench.Peers;

/// <summary>What the machine gave in a third of a second: a neighbour shows here before it shows in a figure.</summary>
/// <param name="Read">Bytes per second that all threads read together.</param>
/// <param name="PingPong">Seconds that a word takes from one thread to another and back; 0 where there is one thread.</param>
internal sealed record ProbeResult(double Read, double PingPong)
{
    // a round trip of a word: what lies below differs by the pair of cores that the host gave, not by a neighbour
    private const double CalmPingPong = 0.4e-6;

    /// <summary>How far the probes around one pair lie apart: 0.25 means that the best is 25 % above the worst.</summary>
    public static double Apart(IReadOnlyList<ProbeResult> probes)
    {
        var read = probes.Max(probe => probe.Read) / probes.Min(probe => probe.Read);
        double PingPongOf(ProbeResult probe) => Math.Max(CalmPingPong, probe.PingPong);
        return Math.Max(read, probes.Max(PingPongOf) / probes.Min(PingPongOf)) - 1;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Read / 1e9:F1} GB/s, {PingPong * 1e6:F2} µs");
}

/// <summary>Measures the machine between runs. One instance is used by one thread.</summary>
internal sealed unsafe class Probe : IDisposable
{
    private const int BytesPerThread = 96 << 20;
    private const double ReadSeconds = 0.18;
    private const double PingPongSeconds = 0.12;
    private const int TurnsPerSlice = 1000;

    private readonly int _threads;
    private readonly byte* _memory;

    /// <summary>Takes memory, larger than a usual share of the last cache, and touches it.</summary>
    public Probe(int threads)
    {
        _threads = threads;
        _memory = (byte*)NativeMemory.Alloc((nuint)threads * BytesPerThread);
        NativeMemory.Fill(_memory, (nuint)threads * BytesPerThread, 1);
    }

    public ProbeResult Run() => new(Read(), _threads > 1 ? PingPong() : 0);

    public void Dispose() => NativeMemory.Free(_memory);

    private double Read()
    {
        var bytes = new long[_threads];
        var started = Stopwatch.GetTimestamp();
        Parallel(thread =>
        {
            var begin = _memory + ((long)thread * BytesPerThread);
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < ReadSeconds)
            {
                Sum(begin, BytesPerThread / 16);
                bytes[thread] += BytesPerThread / 16;
                begin += BytesPerThread / 16;
                if (begin == _memory + ((thread + 1L) * BytesPerThread))
                    begin -= BytesPerThread;
            }
        });
        return bytes.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static byte Sum(byte* from, int count)
    {
        var (a, b, c, d) = (Vector<byte>.Zero, Vector<byte>.Zero, Vector<byte>.Zero, Vector<byte>.Zero);
        var step = Vector<byte>.Count;
        for (var i = 0; i < count; i += 4 * step)
        {
            a += Vector.Load(from + i);
            b += Vector.Load(from + i + step);
            c += Vector.Load(from + i + (2 * step));
            d += Vector.Load(from + i + (3 * step));
        }
        return Vector.Sum(a + b + c + d);
    }

    // the median of slices: one interrupt must not condemn a pair, a neighbour that stays must
    private static double PingPong()
    {
        var slices = new List<double>();
        var turn = 0;
        var isOver = false;
        var partner = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                if (Volatile.Read(ref turn) == 1)
                    Volatile.Write(ref turn, 0);
            }
        });
        partner.Start();
        var begun = Stopwatch.GetTimestamp();
        while (slices.Count == 0 || Stopwatch.GetElapsedTime(begun).TotalSeconds < PingPongSeconds)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < TurnsPerSlice; i++)
            {
                Volatile.Write(ref turn, 1);
                while (Volatile.Read(ref turn) == 1)
                {
                }
            }
            slices.Add(Stopwatch.GetElapsedTime(started).TotalSeconds / TurnsPerSlice);
        }
        Volatile.Write(ref isOver, true);
        partner.Join();
        return Statistic.Of(slices)!.Median;
    }

    private void Parallel(Action<int> work)
    {
        var others = Enumerable.Range(1, _threads - 1).Select(thread => new Thread(() => work(thread))).ToArray();
        foreach (var other in others)
            other.Start();
        work(0);
        foreach (var other in others)
            other.Join();
    }
}
