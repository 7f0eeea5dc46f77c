using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>Root-mean-square norm, or layer norm where there is a bias, over the last dimension; in fp32.</summary>
internal sealed class NormBlock(Norm norm, Weight weight, Weight? bias)
{
    /// <summary>Numbers that are normed together.</summary>
    public int Width { get; } = norm.W.Shape[0];

    /// <param name="x">[…, Width]</param>
    /// <param name="type">The type of the result.</param>
    public Tensor Forward(Tensor x, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var w = weight.In(ScalarType.Float32);
        if (norm.Offset != 0)
            w = w.add(norm.Offset);
        var wide = x.to(ScalarType.Float32);
        var y = bias is null
            ? Functions.RmsNorm.Apply(wide.reshape(-1, Width), w, norm.Epsilon, type).view(x.shape)
            : nn.functional.layer_norm(wide, [Width], w, bias.In(ScalarType.Float32), norm.Epsilon).to(type);
        return y.MoveToOuterDisposeScope();
    }
}
