using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Octavo.Nn.Native;
using static TorchSharp.torch;

namespace Octavo.Nn.Kernels;

/// <summary>
/// Runs work on libtorch's own threads. They wait for the next operation by turning in a loop, so threads of the runtime would compete with
/// them for the processors: on two processors a kernel ran on one thread while the other turned.
/// </summary>
internal static unsafe class TorchThreads
{
    // void GOMP_parallel(void (*work)(void*), void* data, unsigned threads, unsigned flags): GCC's runtime has it, LLVM's and Intel's too
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> _parallel = Find();

    /// <summary>Runs pieces 0, 1, … on as many threads as libtorch has, each piece once; which thread takes which is left open.</summary>
    /// <exception cref="AggregateException">Several pieces threw. What one alone threw is thrown as it is; no piece was begun after it.</exception>
    public static void Run(int pieces, Action<int> work) => Run(pieces, Math.Min(get_num_threads(), pieces), _parallel != null, work);

    /// <summary>Whether libtorch's threads were found; those of the runtime take their place where not.</summary>
    internal static bool IsNative => _parallel != null;

    /// <summary>The same on so many threads, of libtorch or of the runtime.</summary>
    internal static void Run(int pieces, int threads, bool isNative, Action<int> work)
    {
        if (threads <= 1)
        {
            for (var i = 0; i < pieces; i++)
                work(i);
            return;
        }
        var job = new Job(pieces, work);
        if (!isNative)
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => job.Take());
            job.Check();
            return;
        }
        var handle = GCHandle.Alloc(job);
        try
        {
            _parallel(&Enter, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }
        job.Check();
    }

    // an exception must not cross native frames
    [UnmanagedCallersOnly]
    private static void Enter(void* data) => Unsafe.As<Job>(GCHandle.FromIntPtr((nint)data).Target!).Take();

    private static delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Find()
    {
        // libtorch's own copy of libgomp has a mark behind its name, unlike one of the system
        foreach (var library in (ReadOnlySpan<string>)["libgomp-", "libgomp.", "libiomp5.", "libomp."])
        {
            if (LoadedLibraries.PathOfStart(library) is { } path && NativeLibrary.TryLoad(path, out var handle)
                && NativeLibrary.TryGetExport(handle, "GOMP_parallel", out var address))
            {
                return (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)address;
            }
        }
        return null;
    }

    private sealed class Job(int pieces, Action<int> work)
    {
        private readonly List<Exception> _errors = [];
        private int _next;
        private volatile bool _hasFailed;

        public void Take()
        {
            try
            {
                for (var i = Interlocked.Increment(ref _next) - 1; i < pieces && !_hasFailed; i = Interlocked.Increment(ref _next) - 1)
                    work(i);
            }
            catch (Exception error)
            {
                _hasFailed = true;
                lock (_errors)
                    _errors.Add(error);
            }
        }

        public void Check()
        {
            if (_errors.Count == 1)
                ExceptionDispatchInfo.Throw(_errors[0]);
            if (_errors.Count > 1)
                throw new AggregateException(_errors);
        }
    }
}
