using Octavo.Bench.Kernels;

namespace Octavo.Tools.Roofline;

/// <summary>A set's limits and the kernels below them.</summary>
internal sealed record Roof(SetLimits Limits, IReadOnlyList<Kernel> Kernels)
{
    /// <summary>The ceiling of 16-bit activations: a vector holds half as many of them, so an instruction does half as many products.</summary>
    public double Int16GopS => Limits.Int8GopS / 2;

    /// <summary>The most that a kernel could reach: what memory feeds, or what its arithmetic does.</summary>
    public double Above(Kernel kernel) => Math.Min(kernel.Intensity * Limits.ReadGbS, kernel.Bits switch
    {
        8 => Limits.Int8GopS,
        16 => Int16GopS,
        _ => Limits.Fp32GflopS,
    });
}

/// <summary>A kernel's best time as a point.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Label">For the picture.</param>
/// <param name="Family">Decides the colour: the type of the weights, or the kernel of attention.</param>
/// <param name="Bits">Of the activations; null in fp32.</param>
/// <param name="Tokens">Rows of activations; 0 for attention.</param>
/// <param name="Intensity">Operations per byte.</param>
/// <param name="GopS">10⁹ operations/s.</param>
internal sealed record Kernel(string Name, string Label, string Family, int? Bits, int Tokens, double Intensity, double GopS)
{
    public double GbS => GopS / Intensity;
}
