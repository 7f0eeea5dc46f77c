using Octavo.Core;
using Octavo.Core.Tensors;

namespace Octavo.Models.Conversion;

/// <summary>Reads converted tensors again and compares them with what they were made of.</summary>
internal static class TensorComparison
{
    private const int ChunkNumbers = 1 << 20;

    /// <summary>Compares all tensors.</summary>
    /// <exception cref="EvaluationException">One is not there, or should have kept its numbers and has not.</exception>
    public static IReadOnlyList<TypeError> Run(
        IReadOnlyList<TensorAssembly> tensors, IReadOnlyList<(string Name, float[] Numbers)> computed, Checkpoint written,
        Action<long> done, CancellationToken cancellationToken)
    {
        foreach (var (name, numbers) in computed)
        {
            if (!written.Weights.TryGet(name, out var there) || !ReadFloats(there).AsSpan().SequenceEqual(numbers))
                throw new EvaluationException($"{written.Path}: the tensor '{name}' is not there or has other numbers than were written.");
        }
        var errors = new SortedDictionary<TensorType, (int Tensors, double Error, double Power, double Largest)>();
        foreach (var tensor in tensors)
        {
            if (!written.Weights.TryGet(tensor.Name, out var stored))
                throw new EvaluationException($"{written.Path}: the tensor '{tensor.Name}' is not there. The file is not what was written; convert again.");
            var (error, power, largest) = Compare(tensor, stored, done, cancellationToken);
            if (largest > 0 && KeepsNumbers(tensor, stored.Type))
                throw new EvaluationException($"{written.Path}: '{tensor.Name}' should have kept its numbers and differs by {largest:G3}.");
            var sum = errors.GetValueOrDefault(stored.Type);
            errors[stored.Type] = (sum.Tensors + 1, sum.Error + error, sum.Power + power, Math.Max(sum.Largest, largest));
        }
        return [.. errors.Select(pair => new TypeError(
            pair.Key, pair.Value.Tensors, pair.Value.Power == 0 ? 0 : Math.Sqrt(pair.Value.Error / pair.Value.Power), pair.Value.Largest))];
    }

    /// <summary>All numbers of a tensor.</summary>
    public static float[] ReadFloats(StoredTensor tensor)
    {
        var numbers = new float[tensor.Elements];
        Dequantizer.ToFloat(tensor.Type, tensor.Bytes(0, checked((int)tensor.ByteLength)), numbers);
        return numbers;
    }

    private static bool KeepsNumbers(TensorAssembly tensor, TensorType type) =>
        type == TensorType.F32 || (!tensor.IsMerged && tensor.Sources.All(source => source.Type == type));

    private static (double Error, double Power, double Largest) Compare(
        TensorAssembly tensor, StoredTensor stored, Action<long> done, CancellationToken cancellationToken)
    {
        var rows = Math.Clamp(ChunkNumbers / tensor.Columns, 1, tensor.Rows);
        var (expected, found) = (new float[rows * tensor.Columns], new float[rows * tensor.Columns]);
        var rowBytes = stored.Type.ByteLength(tensor.Columns);
        double error = 0, power = 0, largest = 0;
        for (var first = 0; first < tensor.Rows; first += rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, count) = (first, Math.Min(rows, tensor.Rows - first));
            var bands = Math.Min(count, Environment.ProcessorCount);
            var sums = new (double Error, double Power, double Largest)[bands];
            Parallel.For(0, bands, band =>
            {
                var (from, to) = (count * band / bands, count * (band + 1) / bands);
                var here = expected.AsSpan(from * tensor.Columns, (to - from) * tensor.Columns);
                var there = found.AsSpan(from * tensor.Columns, here.Length);
                tensor.Read(start + from, here);
                Dequantizer.ToFloat(stored.Type, stored.Bytes((start + from) * rowBytes, checked((int)((to - from) * rowBytes))), there);
                sums[band] = Compare(here, there);
            });
            foreach (var sum in sums)
                (error, power, largest) = (error + sum.Error, power + sum.Power, Math.Max(largest, sum.Largest));
            done((long)count * tensor.Columns);
        }
        return (error, power, largest);
    }

    private static (double Error, double Power, double Largest) Compare(ReadOnlySpan<float> here, ReadOnlySpan<float> there)
    {
        double error = 0, power = 0, largest = 0;
        for (var i = 0; i < here.Length; i++)
        {
            // numbers that are none count as equal to themselves and as infinitely far from all others
            var difference = here[i].Equals(there[i]) ? 0 : Math.Abs((double)here[i] - there[i]);
            if (double.IsNaN(difference))
                difference = double.PositiveInfinity;
            error += difference * difference;
            power += float.IsFinite(here[i]) ? (double)here[i] * here[i] : 0;
            largest = Math.Max(largest, difference);
        }
        return (error, power, largest);
    }
}
