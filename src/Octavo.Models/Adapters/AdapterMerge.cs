using System.Numerics;
using System.Runtime.InteropServices;
using Octavo.Core.Tensors;

namespace Octavo.Models.Adapters;

/// <summary>Rows of stored matrices with an adapter added to them: W + s·B·A, rescaled where it is DoRA. Safe from many threads.</summary>
internal sealed class AdapterMerge
{
    private readonly bool _isGguf;
    private readonly Dictionary<string, (AdaptedLinear Matrix, AdapterModule Module, float Scale)> _tensors = new(StringComparer.Ordinal);

    /// <param name="adapter">An adapter whose names and shapes fit the model.</param>
    /// <param name="source">The model.</param>
    public AdapterMerge(Adapter adapter, Checkpoint source)
    {
        _isGguf = source.IsGguf;
        var modules = adapter.Modules.ToDictionary(module => module.Name, StringComparer.Ordinal);
        foreach (var matrix in AdaptedLinear.Of(source.Model))
        {
            if (modules.TryGetValue(matrix.Module, out var module))
                _tensors[_isGguf ? matrix.Linear.W.Gguf : matrix.Linear.W.Name] = (matrix, module, adapter.Config.ScaleOf(module.Name));
        }
    }

    /// <summary>Whether a stored tensor gets something added.</summary>
    public bool Changes(StoredTensor tensor) => _tensors.ContainsKey(tensor.Name);

    /// <summary>Adds to one row.</summary>
    /// <param name="tensor">A stored tensor.</param>
    /// <param name="storedRow">Which of its rows.</param>
    /// <param name="numbers">The row in fp32.</param>
    public void Apply(StoredTensor tensor, int storedRow, Span<float> numbers)
    {
        if (!_tensors.TryGetValue(tensor.Name, out var known))
            return;
        var (module, row) = (known.Module, known.Matrix.AdapterRow(storedRow, _isGguf));
        var a = module.A.Span;
        var b = module.B.Span.Slice(row * module.Rank, module.Rank);
        for (var j = 0; j < module.Rank; j++)
            Add(a.Slice(j * numbers.Length, numbers.Length), known.Scale * b[j], numbers);
        if (module.Magnitude is { IsEmpty: false } magnitude)
        {
            var sum = 0.0;
            foreach (var number in numbers)
                sum += (double)number * number;
            var gain = magnitude.Span[row] / (float)Math.Sqrt(sum);
            foreach (ref var number in numbers)
                number *= gain;
        }
    }

    // y += factor · x
    private static void Add(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(x);
        var to = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < to.Length; i++)
            to[i] += factor * from[i];
        for (var i = to.Length * Vector<float>.Count; i < y.Length; i++)
            y[i] += factor * x[i];
    }
}
