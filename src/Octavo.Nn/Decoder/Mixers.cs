using Octavo.Core;
using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>What a residual part computes.</summary>
internal abstract class MixerBlock
{
    /// <param name="x">[N, C] in the type of the pass.</param>
    /// <param name="pass">Its type, tokens and seed.</param>
    /// <returns>[N, C]</returns>
    public abstract Tensor Forward(Tensor x, Pass pass);
}

/// <summary>Down(act(Gate(x)) · Up(x)), or Down(act(Up(x))).</summary>
internal sealed class MlpBlock(LinearBlock? gate, LinearBlock up, LinearBlock down, Activation act) : MixerBlock
{
    public override Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = NewDisposeScope();
        var inner = up.Forward(x, pass);                                        // [N, F]
        inner = gate is null ? Activate(inner)
            : act == Activation.Silu ? Functions.SwiGlu.Apply(gate.Forward(x, pass), inner)
            : Activate(gate.Forward(x, pass)).mul(inner);
        return down.Forward(inner, pass).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor x) => act switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.GeluTanh => GeluTanh(x),
        _ => throw new UnsupportedException($"the activation {act} cannot be trained yet; Silu, Gelu and GeluTanh can."),
    };

    private static Tensor GeluTanh(Tensor x) =>
        x.mul(0.5).mul(x.pow(3).mul(0.044715).add(x).mul(Math.Sqrt(2 / Math.PI)).tanh().add(1));
}

/// <summary>A mixture of experts: each row goes through the best by softmax(Router(x)), whose weights are divided by their sum.</summary>
internal sealed class ExpertsBlock(LinearBlock router, IReadOnlyList<MlpBlock> each, int active) : MixerBlock
{
    public override Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = NewDisposeScope();
        var shares = router.Forward(x, pass).to(ScalarType.Float32).softmax(-1);     // [N, experts]
        var (best, chosen) = shares.topk(active, -1);                                // [N, active]
        best = best / best.sum(-1, keepdim: true);
        var y = zeros_like(x);
        for (var expert = 0; expert < each.Count; expert++)
        {
            var where = chosen.eq(expert).nonzero();                                 // [rows, 2]
            if (where.shape[0] == 0)
                continue;
            var (row, slot) = (where.select(1, 0), where.select(1, 1));
            var part = each[expert].Forward(x.index_select(0, row), pass);
            var weight = best.index_select(0, row).gather(1, slot.unsqueeze(1)).to(part.dtype);
            y = y.index_add(0, row, part * weight, 1);
        }
        return y.MoveToOuterDisposeScope();
    }
}
