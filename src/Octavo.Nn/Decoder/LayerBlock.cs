using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>x = Post(x + Out(Mix(Pre(x)))), the sum in fp32.</summary>
internal sealed class ResidualBlock(NormBlock? pre, MixerBlock mix, NormBlock? after, NormBlock? post)
{
    /// <param name="x">[N, C] fp32.</param>
    /// <param name="pass">Its type, tokens and seed.</param>
    public Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = NewDisposeScope();
        var y = mix.Forward(pre is null ? x.to(pass.Compute) : pre.Forward(x, pass.Compute), pass);
        if (after is not null)
            y = after.Forward(y, ScalarType.Float32);
        var sum = x + y;
        return (post is null ? sum : post.Forward(sum, ScalarType.Float32)).MoveToOuterDisposeScope();
    }
}

/// <summary>One layer: its residual parts, in order.</summary>
internal sealed class LayerBlock(IReadOnlyList<ResidualBlock> parts)
{
    /// <param name="x">[N, C] fp32.</param>
    /// <param name="pass">Its type, tokens and seed.</param>
    public Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = NewDisposeScope();
        var y = x;
        foreach (var part in parts)
            y = part.Forward(y, pass);
        return y.MoveToOuterDisposeScope();
    }
}
