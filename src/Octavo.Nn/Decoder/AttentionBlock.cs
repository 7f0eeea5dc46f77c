using Octavo.Core;
using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>Softmax attention of each sequence with itself. H query heads, Hkv key and value heads, Dh numbers of a head, N tokens.</summary>
internal sealed class AttentionBlock(
    Attention shape, LinearBlock q, LinearBlock k, LinearBlock v, LinearBlock o, NormBlock? qNorm, NormBlock? kNorm) : MixerBlock
{
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
        var seen = Attend(queries, keys, values, pass.Rows);                    // [N, H, Dh]
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

    private Tensor Attend(Tensor queries, Tensor keys, Tensor values, TokenRows rows)
    {
        if (rows.CommonLength is { } length)
            return Sequences(queries, keys, values, rows.Lengths.Count, length);
        List<Tensor> parts = [];
        long at = 0;
        foreach (var tokens in rows.Lengths)
        {
            parts.Add(Sequences(queries.narrow(0, at, tokens), keys.narrow(0, at, tokens), values.narrow(0, at, tokens), 1, tokens));
            at += tokens;
        }
        return cat(parts, 0);
    }

    // sequences of one length B·T = N
    private Tensor Sequences(Tensor queries, Tensor keys, Tensor values, int count, int length)
    {
        var groups = shape.Heads / shape.KvHeads;
        Tensor Heads(Tensor x, int repeats)
        {
            // libtorch's backward pass of bf16 attention takes twice as long on a CPU as that of fp32
            var heads = x.to(ScalarType.Float32).view(count, length, -1, shape.HeadDim);
            if (repeats > 1)
                heads = heads.unsqueeze(3).expand(count, length, shape.KvHeads, repeats, shape.HeadDim).reshape(count, length, -1, shape.HeadDim);
            return heads.transpose(1, 2);                                       // [B, H, T, Dh]
        }
        var (a, b, c) = (Heads(queries, 1), Heads(keys, groups), Heads(values, groups));
        var seen = shape.Softcap != 0 ? Capped(a, b, c, length) : Plain(a, b, c, length);
        return seen.transpose(1, 2).reshape((long)count * length, shape.Heads, shape.HeadDim).to(queries.dtype);
    }

    private Tensor Plain(Tensor a, Tensor b, Tensor c, int length)
    {
        // the native one divides by √Dh
        var scale = shape.Scale * Math.Sqrt(shape.HeadDim);
        if (Math.Abs(scale - 1) > 1e-6)
            a = a.mul(scale);
        var mask = shape.Visible.Window is { } window && window < length ? Mask(length, a.dtype) : null;
        return nn.functional.scaled_dot_product_attention(a, b, c, mask, 0, shape.Visible.IsCausal && mask is null);
    }

    private Tensor Capped(Tensor a, Tensor b, Tensor c, int length)
    {
        var (batch, heads) = (a.shape[0], a.shape[1]);
        var scores = Ops.MatMul(a.flatten(0, 1), b.flatten(0, 1).transpose(1, 2)).to(ScalarType.Float32).mul(shape.Scale);
        scores = scores.div(shape.Softcap).tanh().mul(shape.Softcap).add(Mask(length, ScalarType.Float32));
        return Ops.MatMul(scores.softmax(-1).to(c.dtype), c.flatten(0, 1)).view(batch, heads, length, shape.HeadDim);
    }

    // 0 where a query (row) sees a key (column), −∞ elsewhere
    private Tensor Mask(int length, ScalarType type)
    {
        if (!shape.Visible.IsCausal)
            throw new UnsupportedException("attention that sees the future cannot have a window.");
        var hidden = full([length, length], float.NegativeInfinity, type).triu(1);
        if (shape.Visible.Window is { } window && window < length)
            hidden = hidden.add(full([length, length], float.NegativeInfinity, type).tril(-window));
        return hidden;
    }
}
