using System.Runtime.InteropServices;
using Octavo.Engine.Cache;
using Octavo.Engine.Kernels;
using Octavo.Engine.Threads;
using Octavo.Models.Adapters;

namespace Octavo.Engine.Running;

/// <summary>An adapter lowered for a model: its matrices in memory of its own, in the order in which the model's rows lie.</summary>
internal sealed unsafe class LoweredAdapter : IDisposable
{
    private readonly List<NativeBuffer<float>> _buffers = [];

    private LoweredAdapter(string name, int slot, Adapter adapter) => (Name, Slot, Identity) = (name, slot, Sum(adapter));

    /// <summary>The name by which requests ask for it.</summary>
    public string Name { get; }

    /// <summary>Its place in every matrix's list; from 1 on.</summary>
    public int Slot { get; }

    /// <summary>A hash of all that decides what it adds; never 0. Keys and values of its sequences are kept apart by it.</summary>
    public ulong Identity { get; }

    /// <summary>Whether it was taken away.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Lowers an adapter and gives its parts to the model's matrices; called in the model's turn.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="slot">A slot that no other has.</param>
    /// <param name="adapter">An adapter whose names and shapes fit the model.</param>
    /// <param name="model">The lowered model.</param>
    /// <param name="isGguf">Whether rows lie as a GGUF file has them.</param>
    /// <param name="kernels">For lengths of rows.</param>
    /// <param name="pool">Threads that may be used.</param>
    public static LoweredAdapter Add(
        string name, int slot, Adapter adapter, LoweredModel model, bool isGguf, KernelSet kernels, WorkerPool pool)
    {
        var lowered = new LoweredAdapter(name, slot, adapter);
        try
        {
            lowered.AddTo(model, adapter, isGguf, kernels, pool);
            return lowered;
        }
        catch
        {
            // half an adapter would be taken for a whole one by whoever gets the slot next
            lowered.RemoveFrom(model);
            throw;
        }
    }

    private void AddTo(LoweredModel model, Adapter adapter, bool isGguf, KernelSet kernels, WorkerPool pool)
    {
        foreach (var target in model.Linears)
        {
            if (target.LowRanks.Length <= Slot)
                target.LowRanks = [.. target.LowRanks, .. new LowRank?[Slot + 1 - target.LowRanks.Length]];
        }
        var modules = adapter.Modules.ToDictionary(module => module.Name, StringComparer.Ordinal);
        var matrices = AdaptedLinear.Of(model.Description).ToDictionary<AdaptedLinear, object>(matrix => matrix.Linear, ReferenceEqualityComparer.Instance);
        var firsts = new Dictionary<string, WeightRows>(StringComparer.Ordinal);
        foreach (var target in model.Linears)
        {
            if (!matrices.TryGetValue(target.Linear, out var matrix) || !modules.TryGetValue(matrix.Module, out var module))
                continue;
            if (!firsts.TryGetValue(module.Name, out var a))
                firsts[module.Name] = a = new WeightRows((byte*)Copy(module.A.Span), Core.Tensors.TensorType.F32, module.Rank, module.Inputs);
            int[] rows = [.. Enumerable.Range(0, target.Weights.Rows).Select(row => matrix.AdapterRow(matrix.StoredRow(row), isGguf))];
            var b = Transposed(module, rows, adapter.Config.ScaleOf(module.Name));
            float* gain = null;
            if (module.Magnitude is { IsEmpty: false } magnitude)
            {
                gain = Take(rows.Length);
                var lengths = new RowLengthRegion(kernels, target.Weights, a, b, gain, pool.Threads);
                pool.Run(lengths, lengths.Items);
                for (var row = 0; row < rows.Length; row++)
                    gain[row] = magnitude.Span[rows[row]] / gain[row];
                if (target.IsPacked)
                    target.Tensor.GiveBack();
            }
            target.LowRanks[Slot] = new LowRank(a, b, gain);
        }
    }

    /// <summary>Takes its parts away from the model's matrices; called in the model's turn.</summary>
    public void RemoveFrom(LoweredModel model)
    {
        foreach (var target in model.Linears)
            target.LowRanks[Slot] = null;
        Dispose();
    }

    public void Dispose()
    {
        IsDisposed = true;
        foreach (var buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
    }

    private static ulong Sum(Adapter adapter)
    {
        var sum = new Checksum(3);
        foreach (var module in adapter.Modules)
        {
            sum.Add(module.Name);
            sum.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{module.Rank} {adapter.Config.ScaleOf(module.Name):R}"));
            sum.Add(MemoryMarshal.AsBytes(module.A.Span));
            sum.Add(MemoryMarshal.AsBytes(module.B.Span));
            sum.Add(MemoryMarshal.AsBytes(module.Magnitude.Span));
        }
        return Math.Max(1, sum.Value);
    }

    private float* Take(int count)
    {
        var buffer = new NativeBuffer<float>(count);
        _buffers.Add(buffer);
        return buffer.Pointer;
    }

    private float* Copy(ReadOnlySpan<float> numbers)
    {
        var copy = Take(numbers.Length);
        numbers.CopyTo(new Span<float>(copy, numbers.Length));
        return copy;
    }

    private float* Transposed(AdapterModule module, int[] rows, float scale)
    {
        var from = module.B.Span;
        var to = Take(rows.Length * module.Rank);
        for (var row = 0; row < rows.Length; row++)
        {
            for (var j = 0; j < module.Rank; j++)
                to[((long)j * rows.Length) + row] = scale * from[(rows[row] * module.Rank) + j];
        }
        return to;
    }
}
