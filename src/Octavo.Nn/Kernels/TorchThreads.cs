using System.Runtime.CompilerServices;
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
    /// <exception cref="AggregateException">Pieces threw; the others have ended.</exception>
    public static void Run(int pieces, Action<int> work)
    {
        var threads = Math.Min(get_num_threads(), pieces);
        if (threads <= 1)
        {
            for (var i = 0; i < pieces; i++)
                work(i);
            return;
        }
        if (_parallel == null)
        {
            Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
            return;
        }
        var job = new Job(pieces, work);
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
        foreach (var library in (ReadOnlySpan<string>)["libgomp", "libiomp5", "libomp"])
        {
            if (LoadedLibraries.PathOfAny(library) is { } path && NativeLibrary.TryLoad(path, out var handle)
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

        public void Take()
        {
            try
            {
                for (var i = Interlocked.Increment(ref _next) - 1; i < pieces; i = Interlocked.Increment(ref _next) - 1)
                    work(i);
            }
            catch (Exception error)
            {
                lock (_errors)
                    _errors.Add(error);
            }
        }

        public void Check()
        {
            if (_errors.Count > 0)
                throw new AggregateException(_errors);
        }
    }
}
