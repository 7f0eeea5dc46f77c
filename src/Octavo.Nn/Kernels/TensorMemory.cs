using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Octavo.Core;
using static TorchSharp.torch;

namespace Octavo.Nn.Kernels;

/// <summary>The memory of tensors for managed kernels, and the threads that run them.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first number of a contiguous tensor; it stays where it is while the tensor lives.</summary>
    /// <exception cref="ShapeException">It is not contiguous.</exception>
    public static byte* Pointer(Tensor x)
    {
        if (!x.is_contiguous())
            throw new ShapeException("a managed kernel takes contiguous tensors only.");
        // spans hold 2 GB at most; the first number is enough
        using var first = Part(x, 0, 1);
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Some numbers of a contiguous tensor, counted over all of it; the handle is the caller's, the numbers are the tensor's.</summary>
    public static Tensor Part(Tensor x, long at, long count)
    {
        using var apart = x.detach();
        using var flat = apart.view(-1);
        return flat.narrow(0, at, count);
    }

    /// <summary>The numbers of a small contiguous fp32 tensor.</summary>
    public static Span<float> Floats(Tensor x) => MemoryMarshal.Cast<byte, float>(x.bytes);

    /// <summary>How many parts so many numbers have.</summary>
    public static int PartsOf(long numbers, int size) => checked((int)((numbers + size - 1) / size));

    /// <summary>Works on parts of so many numbers side by side, on as many threads as libtorch has; each is told its number, its place and its size.</summary>
    public static void Parts(long numbers, int size, Action<int, long, int> work) => TorchThreads.Run(
        PartsOf(numbers, size), part => work(part, (long)part * size, (int)Math.Min(size, numbers - ((long)part * size))));

    /// <summary>Runs bands of rows side by side; a band's work must not depend on how many there are.</summary>
    public static void Rows(long rows, Action<long, long> band) => Bands(rows, (_, first, end) => band(first, end));

    /// <summary>The same, with the number of the band, below the number of threads: for what is added up apart.</summary>
    public static void Bands(long rows, Action<int, long, long> band)
    {
        var threads = get_num_threads();
        if (threads == 1 || rows < 2 * threads)
        {
            band(0, 0, rows);
            return;
        }
        TorchThreads.Run(threads, i => band(i, rows * i / threads, rows * (i + 1) / threads));
    }
}
