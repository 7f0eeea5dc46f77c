using System.Diagnostics;
using Octavo.Engine.Running;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Benchmarks;

/// <summary>
/// Measures the machine's limits with the engine's own threads and its own way of sharing work. The best of many rounds counts: a limit
/// must not become lower because something disturbed it.
/// </summary>
internal static class LimitProbe
{
    private const int LeastRounds = 5;

    // far beyond any cache; a buffer as large as the largest models would only cost memory
    private const long MostBytes = 512L << 20;

    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(200);

    /// <param name="instructionSet">The kernels' instruction set.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="bytes">Bytes of the model's weights: what lies in a cache there lies in it here.</param>
    /// <param name="cancellationToken">Looked at between rounds.</param>
    public static MachineLimits Measure(string instructionSet, int threads, long bytes, CancellationToken cancellationToken = default)
    {
        var kernels = PeakKernels.Of(instructionSet);
        using var pool = new WorkerPool(threads);
        using var read = new ReadRegion(kernels, Math.Min(bytes, MostBytes));
        using var compute = new ComputeRegion(kernels);
        var items = 4 * threads;

        double Best(Region region, int count) => BestSeconds(() => pool.Run(region, count), cancellationToken);
        compute.IsInteger = false;
        var floats = items * compute.Operations / Best(compute, items);
        compute.IsInteger = true;
        var integers = items * compute.Operations / Best(compute, items);
        return new MachineLimits(threads, read.Bytes / Best(read, read.Items), floats, integers, kernels.IntegerForm);
    }

    private static double BestSeconds(Action round, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var best = double.PositiveInfinity;
        for (var rounds = 0; rounds < LeastRounds || Stopwatch.GetElapsedTime(start) < _patience; rounds++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            round();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        return best;
    }

    /// <summary>Reads a buffer in chunks.</summary>
    private sealed unsafe class ReadRegion : Region, IDisposable
    {
        private const int ChunkBytes = 128 << 10;

        private readonly PeakKernels _kernels;
        private readonly NativeBuffer<byte> _buffer;
        private readonly long[] _sums;

        public ReadRegion(PeakKernels kernels, long bytes)
        {
            _kernels = kernels;
            Items = (int)Math.Max(1, (bytes + ChunkBytes - 1) / ChunkBytes);
            _buffer = new NativeBuffer<byte>(Bytes);
            _sums = new long[Items];
        }

        public int Items { get; }

        public long Bytes => (long)Items * ChunkBytes;

        public override void Run(int item, int worker) => _sums[item] = _kernels.Read(_buffer.Pointer + ((long)item * ChunkBytes), ChunkBytes);

        public void Dispose() => _buffer.Dispose();
    }

    /// <summary>Computes on registers and the first cache.</summary>
    private sealed unsafe class ComputeRegion : Region, IDisposable
    {
        private const int Rounds = 20_000;

        private readonly PeakKernels _kernels;
        private readonly NativeBuffer<byte> _data = new(PeakKernels.DotBytes);

        public ComputeRegion(PeakKernels kernels)
        {
            _kernels = kernels;
            for (var i = 0; i < PeakKernels.DotBytes; i++)
                _data.Pointer[i] = (byte)(i % 3);
        }

        public bool IsInteger { get; set; }

        public double Operations => Rounds * (IsInteger ? _kernels.IntegerOperations : _kernels.FloatOperations);

        public override void Run(int item, int worker)
        {
            if (IsInteger)
                _kernels.Dot(_data.Pointer, Rounds);
            else
                _kernels.MultiplyAdd(Rounds);
        }

        public void Dispose() => _data.Dispose();
    }
}
