using Octavo.Models;
using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>Softmax attention of each sequence with itself. H query heads, Hkv key and value heads, Dh numbers of a head, N tokens.</summary>
internal sealed class AttentionBlock(
    Attention shape, LinearBlock q, LinearBlock k, LinearBlock v, LinearBlock o, NormBlock? qNorm, NormBlock? kNorm) : MixerBlock
{
    private readonly AttentionShape _shape = new(
        shape.Heads, shape.KvHeads, shape.HeadDim, shape.Scale, shape.Softcap, shape.Visible.Window ?? int.MaxValue, shape.Visible.IsCausal);

    public override Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = NewDisposeScope();
        var n = x.shape[0];
        var queries = Norm(q.Forward(x, pass), qNorm, shape.Heads, pass);       // [N, H, Dh]
        var keys = Norm(k.Forward(x, pass), kNorm, shape.KvHeads, pass);        // [N, Hkv, Dh]
        var values = v.Forward(x, pass).view(n, shape.KvHeads, shape.HeadDim);
        if (shape.Order is { } order)
        {
            var turns = pass.Turns(order);
            queries = Rotate(queries, turns, order, pass);
            keys = Rotate(keys, turns, order, pass);
        }
        var seen = Functions.FusedAttention.Apply(                              // [N, H, Dh]
            queries.contiguous(), keys.contiguous(), values.contiguous(), _shape, pass.Rows.Lengths);
        return o.Forward(seen.reshape(n, shape.Heads * shape.HeadDim), pass).MoveToOuterDisposeScope();
    }

    private static Tensor Rotate(Tensor x, RotaryTurns turns, Rotary order, Pass pass) => order.Pairing == Pairing.Halves
        ? Functions.RotaryHalves.Apply(x.contiguous(), turns.Cos, turns.Sin)
        : Ops.RotateNeighbours(x, turns.Cos, turns.Sin).to(pass.Compute);

    private Tensor Norm(Tensor x, NormBlock? norm, int heads, Pass pass)
    {
        if (norm is null)
            return x.view(x.shape[0], heads, shape.HeadDim);
        // over each head where the weights have Dh numbers, over all of them otherwise
        return norm.Width == shape.HeadDim
            ? norm.Forward(x.view(x.shape[0], heads, shape.HeadDim), pass.Compute)
            : norm.Forward(x, pass.Compute).view(x.shape[0], heads, shape.HeadDim);
    }
}
