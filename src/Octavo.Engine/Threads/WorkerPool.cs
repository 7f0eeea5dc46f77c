using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Octavo.Engine.Threads;

/// <summary>
/// Threads that share the items of a region through a cursor, since virtual processors are never equally fast. The caller is worker 0.
/// Waiting threads spin for some tens of microseconds and then park, so that an idle engine costs nothing. One caller at a time.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // A spin of 4 is about 150 ns: threads watch for 100 µs, which bridges the sampling of a token, then let others run.
    private const int SpinsBeforePark = 700;
    private const int SpinsBeforeYield = 200;

    private readonly Thread[] _threads;
    private readonly object _park = new();
    private PaddedCounter _cursor;
    private PaddedCounter _running;
    private PaddedCounter _generation;
    private int _parked;
    private Region? _region;
    private int _items;
    private volatile bool _stopping;
    private ExceptionDispatchInfo? _failure;

    public WorkerPool(int threads)
    {
        Threads = threads;
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            var worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"octavo-{worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>How many threads compute, the caller among them.</summary>
    public int Threads { get; }

    /// <summary>Runs all items of a region and returns when the last one is done.</summary>
    public void Run(Region region, int items)
    {
        if (Threads == 1 || items == 1)
        {
            for (var item = 0; item < items; item++)
                region.Run(item, 0);
            return;
        }
        _region = region;
        _items = items;
        Volatile.Write(ref _cursor.Value, 0);
        Volatile.Write(ref _running.Value, _threads.Length);
        Interlocked.Increment(ref _generation.Value);
        if (Volatile.Read(ref _parked) > 0)
            WakeAll();
        TakeItems(0);
        WaitUntilDone();
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        Interlocked.Increment(ref _generation.Value);
        WakeAll();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Work(int worker)
    {
        var seen = 0;
        while (true)
        {
            seen = WaitForWork(seen);
            if (_stopping)
                return;
            TakeItems(worker);
            Interlocked.Decrement(ref _running.Value);
        }
    }

    private void TakeItems(int worker)
    {
        var region = _region!;
        var items = _items;
        try
        {
            int item;
            while ((item = Interlocked.Increment(ref _cursor.Value) - 1) < items)
                region.Run(item, worker);
        }
        catch (Exception failure)
        {
            // Passed on to the caller; the other items are of no use any more.
            Volatile.Write(ref _cursor.Value, int.MaxValue / 2);
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }

    private int WaitForWork(int seen)
    {
        for (var spin = 0; spin < SpinsBeforePark; spin++)
        {
            var now = Volatile.Read(ref _generation.Value);
            if (now != seen)
                return now;
            Thread.SpinWait(4);
        }
        lock (_park)
        {
            Interlocked.Increment(ref _parked);
            while (Volatile.Read(ref _generation.Value) == seen)
                Monitor.Wait(_park);
            Interlocked.Decrement(ref _parked);
        }
        return Volatile.Read(ref _generation.Value);
    }

    private void WaitUntilDone()
    {
        for (var spin = 0; Volatile.Read(ref _running.Value) > 0; spin++)
        {
            if (spin < SpinsBeforeYield)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
    }

    private void WakeAll()
    {
        lock (_park)
            Monitor.PulseAll(_park);
    }

    /// <summary>A counter on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedCounter
    {
        [FieldOffset(128)]
        public int Value;
    }
}
