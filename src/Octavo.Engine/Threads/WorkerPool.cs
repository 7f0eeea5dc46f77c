using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Octavo.Engine.Threads;

/// <summary>
/// Threads that share the items of a region through a cursor, since virtual processors are never equally fast. The caller is worker 0.
/// A thread joins a region when it comes to it, and the caller waits for those that did: a thread that another process keeps from
/// running costs the work that it would have done, not the time until it runs again. Waiting threads spin for some tens of
/// microseconds and then park, so that an idle engine costs nothing. One caller at a time.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // A spin of 4 is about 150 ns: threads watch for 100 µs, which bridges the sampling of a token, then let others run.
    private const int SpinsBeforePark = 700;
    private const int SpinsBeforeYield = 200;

    // the present region: its number above, whether it is closed to newcomers, how many threads besides the caller are in it
    private const long Number = 1L << 32;
    private const long Closed = 1L << 31;
    private const long Inside = Closed - 1;

    private readonly Thread[] _threads;
    private readonly object _park = new();
    private PaddedCounter _cursor;
    private PaddedState _state;
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
        Open();
        TakeItems(0);
        Interlocked.Or(ref _state.Value, Closed);
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
        Open();
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Work(int worker)
    {
        var seen = 0L;
        while (true)
        {
            seen = WaitForWork(seen);
            if (_stopping)
                return;
            if (!Join(seen))
                continue;
            TakeItems(worker);
            Interlocked.Decrement(ref _state.Value);
        }
    }

    /// <summary>Begins a region, or the end.</summary>
    private void Open()
    {
        // nobody is inside, so nothing but the number is kept
        Interlocked.Exchange(ref _state.Value, (_state.Value & ~(Number - 1)) + Number);
        if (Volatile.Read(ref _parked) > 0)
            WakeAll();
    }

    /// <summary>Enters the region of that number; false where it was closed meanwhile.</summary>
    private bool Join(long number)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state.Value);
            if ((state & Closed) != 0 || (state & ~(Number - 1)) != number)
                return false;
            if (Interlocked.CompareExchange(ref _state.Value, state + 1, state) == state)
                return true;
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

    /// <summary>Waits for a region other than the one seen, and returns its number.</summary>
    private long WaitForWork(long seen)
    {
        for (var spin = 0; spin < SpinsBeforePark; spin++)
        {
            var now = Volatile.Read(ref _state.Value) & ~(Number - 1);
            if (now != seen)
                return now;
            Thread.SpinWait(4);
        }
        lock (_park)
        {
            Interlocked.Increment(ref _parked);
            while ((Volatile.Read(ref _state.Value) & ~(Number - 1)) == seen)
                Monitor.Wait(_park);
            Interlocked.Decrement(ref _parked);
        }
        return Volatile.Read(ref _state.Value) & ~(Number - 1);
    }

    private void WaitUntilDone()
    {
        for (var spin = 0; (Volatile.Read(ref _state.Value) & Inside) > 0; spin++)
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

    /// <summary>A state on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedState
    {
        [FieldOffset(128)]
        public long Value;
    }

    /// <summary>A counter on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedCounter
    {
        [FieldOffset(128)]
        public int Value;
    }
}
