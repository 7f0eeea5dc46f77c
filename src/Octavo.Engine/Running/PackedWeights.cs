using System.Runtime.InteropServices;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;

namespace Octavo.Engine.Running;

/// <summary>
/// All packed weights of a model in one piece of memory, in the order in which they are used. The mapped pages that they were packed from
/// are given back, so that a model lies in memory once.
/// </summary>
internal sealed unsafe partial class PackedWeights : IDisposable
{
    private const int Alignment = 2 << 20;
    private const int Line = 64;

    // MADV_HUGEPAGE
    private const int HugePages = 14;

    private byte* _slab;

    private PackedWeights(long bytes)
    {
        Bytes = bytes;
        _slab = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        // An advice before the first touch: where the system does not take it, pages stay small.
        if (OperatingSystem.IsLinux())
            _ = Advise(_slab, (nuint)bytes, HugePages);
    }

    ~PackedWeights() => Free();

    /// <summary>What all of them take.</summary>
    public long Bytes { get; }

    /// <summary>Packs every matrix that has a packed form; the others stay as they are stored.</summary>
    public static PackedWeights? Pack(IReadOnlyList<LoweredLinear> linears, WorkerPool pool)
    {
        LoweredLinear[] packable = [.. linears.Where(linear => CanPack(linear.Weights.Type, linear.Weights.Columns))];
        if (packable.Length == 0)
            return null;
        var bytes = 0L;
        foreach (var linear in packable)
            bytes += BytesOf(linear.Weights);
        var packed = new PackedWeights(bytes);
        var at = packed._slab;
        foreach (var linear in packable)
        {
            var region = new PackRegion(linear.Weights, at);
            pool.Run(region, region.Items);
            if (region.AllFinite)
            {
                linear.Packed = region.Target;
                at += BytesOf(linear.Weights);
                linear.Tensor.GiveBack();
            }
        }
        return packed;
    }

    /// <summary>Whether a matrix has a packed form.</summary>
    public static bool CanPack(TensorType type, int columns) => PackedFormat.Of(type) is { } format && columns % format.SuperColumns == 0;

    /// <summary>What a matrix takes once it is packed; it begins on a cache line.</summary>
    public static long BytesOf(TensorType type, int rows, int columns) =>
        (PackedFormat.Of(type)!.ByteLength(rows, columns) + Line - 1) / Line * Line;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static long BytesOf(in WeightRows weights) => BytesOf(weights.Type, weights.Rows, weights.Columns);

    private void Free()
    {
        NativeMemory.AlignedFree(_slab);
        _slab = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    /// <summary>Packs one matrix, some groups at a time.</summary>
    private sealed class PackRegion(WeightRows source, byte* target) : Region
    {
        private const int GroupsPerItem = 8;

        private readonly int _groups = (source.Rows + PackedFormat.Rows - 1) / PackedFormat.Rows;
        private int _notFinite;

        public PackedRows Target { get; } = new(target, PackedFormat.Of(source.Type)!, source.Rows, source.Columns);

        public int Items => (_groups + GroupsPerItem - 1) / GroupsPerItem;

        public bool AllFinite => _notFinite == 0;

        public override void Run(int item, int worker)
        {
            var first = item * GroupsPerItem;
            if (!Packer.Pack(source, Target, first, Math.Min(GroupsPerItem, _groups - first)))
                Volatile.Write(ref _notFinite, 1);
        }
    }
}
