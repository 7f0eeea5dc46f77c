using System.Runtime.CompilerServices;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Core.Tokenizers;
using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>
/// Calls kernels once on next to nothing, on a thread of its own, so that they are compiled while files are read and weights are packed and
/// not when the first prompt waits for them. Nothing depends on it: what it misses is compiled when it is called.
/// </summary>
internal static unsafe class Warmup
{
    private const int HeadDim = 64;

    // three query heads of one key-value head, decoded alone and as part of a prompt
    private static readonly int[] _queries = [3, 7];

    /// <summary>Begins with what does not depend on the weights' types.</summary>
    public static void BeginRows(KernelSet kernels, KvType type) => Begin(() => Rows(kernels, type));

    /// <summary>Begins with products of the types that matrices have.</summary>
    public static void BeginProducts(KernelSet kernels, IReadOnlyList<StoredTensor> tensors, bool exact)
    {
        var seen = new bool[TensorTypes.Count];
        foreach (var tensor in tensors)
            seen[(int)tensor.Type] |= tensor.Shape.Count == 2;
        Begin(() =>
        {
            for (var type = 0; type < seen.Length; type++)
            {
                if (seen[type])
                    Product(kernels, (TensorType)type, exact);
            }
        });
    }

    /// <summary>Begins to read the tokenizer; whoever asks for it gets it, or the error.</summary>
    public static void BeginTokenizer(Lazy<Tokenizer> tokenizer) => Begin(() =>
    {
        try
        {
            _ = tokenizer.Value;
        }
        catch (OctavoException)
        {
            // kept for whoever asks for the tokenizer; a model may be run without one
        }
    });

    /// <summary>Runs what works on rows of activations and on pages.</summary>
    public static void Rows(KernelSet kernels, KvType type)
    {
        using var work = new NativeBuffer<float>(32 * 1024);
        float* x = work.Pointer, y = x + 1024;
        kernels.RmsNorm(x, y, 1, HeadDim, y);
        kernels.GateMul(Activation.Silu, x, x, HeadDim, y);
        kernels.Add(y, x, HeadDim);
        kernels.Scale(y, 1, HeadDim);
        kernels.Rotate(y, 1, HeadDim, HeadDim, Pairing.Halves, x, x);
        kernels.Rotate(y, 1, HeadDim, HeadDim, Pairing.Neighbours, x, x);
        var layout = new PageLayout(type, HeadDim);
        using var page = new NativeBuffer<byte>(layout.HeadBytes);
        var view = new PageView(page.Pointer, layout);
        _ = kernels.StorePosition(view, 0, x, x);
        using var scratch = new NativeBuffer<float>(KernelSet.AttendScratchFloats(HeadDim, 8));
        var sums = work.Pointer + 2048;
        var visible = stackalloc Slots[8];
        new Span<Slots>(visible, 8).Fill(new Slots(0, 1));
        foreach (var count in _queries)
        {
            PartialSums.Clear(sums, count, HeadDim);
            var queries = new QueryBlock(
                x, count, PartialSums.Maxima(sums, count, HeadDim), PartialSums.Sums(sums, count, HeadDim), sums);
            kernels.AttendPage(view, queries, visible, page.Pointer, scratch.Pointer);
            PartialSums.Merge(sums, sums, count, HeadDim);
        }
    }

    /// <summary>Runs products of one token and of several.</summary>
    public static void Product(KernelSet kernels, TensorType type, bool exact)
    {
        const int Columns = 256, Tokens = 4, Blocks = Tokens * Columns / 32;
        using var x = new NativeBuffer<float>(Tokens * Columns);
        using var y = new NativeBuffer<float>(Tokens * PackedFormat.Rows);
        using var scratch = new NativeBuffer<float>(kernels.ScratchFloats(Columns));
        if (exact || PackedFormat.Of(type) is not { } format)
        {
            using var stored = new NativeBuffer<byte>(PackedFormat.Rows * type.ByteLength(Columns));
            var rows = new WeightRows(stored.Pointer, type, PackedFormat.Rows, Columns);
            kernels.MatMulF32(rows, x.Pointer, Columns, 1, y.Pointer, PackedFormat.Rows, scratch.Pointer);
            kernels.MatMulF32(rows, x.Pointer, Columns, Tokens, y.Pointer, PackedFormat.Rows, scratch.Pointer);
            return;
        }
        using var q = new NativeBuffer<sbyte>(Blocks / QuantizedRows.Tile * QuantizedRows.BlockBytes);
        using var factors = new NativeBuffer<float>(2 * Blocks);
        using var numbers = new NativeBuffer<int>(Blocks / QuantizedRows.Tile * QuantizedRows.Numbers);
        var quantized = new QuantizedRows(q.Pointer, factors.Pointer, factors.Pointer + Blocks, numbers.Pointer, Columns, 16);
        kernels.Quantize(x.Pointer, quantized);
        using var weights = new NativeBuffer<byte>(format.ByteLength(PackedFormat.Rows, Columns));
        var packed = new PackedRows(weights.Pointer, format, PackedFormat.Rows, Columns);
        kernels.MatMulPacked(packed, quantized, 1, y.Pointer, PackedFormat.Rows, scratch.Pointer);
        kernels.MatMulPacked(packed, quantized, Tokens, y.Pointer, PackedFormat.Rows, scratch.Pointer);
    }

    private static void Begin(Action work)
    {
        // compiled ahead of time there is nothing to do
        if (RuntimeFeature.IsDynamicCodeCompiled && Environment.ProcessorCount > 1)
            Task.Run(work);
    }
}
