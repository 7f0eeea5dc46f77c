using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>y = W x + b on some rows of a stored matrix, with the low-rank adapter that the matrix carries.</summary>
internal sealed class LinearBlock(Linear linear, Weight weight, Weight? bias)
{
    /// <summary>The adapter; null for none.</summary>
    public LowRank? Adapter { get; set; }

    /// <summary>The matrix as stored.</summary>
    public Weight Weight { get; } = weight;

    /// <param name="x">[N, in] in the type of the pass.</param>
    /// <param name="pass">Its type, tokens and seed.</param>
    /// <returns>[N, out]</returns>
    public Tensor Forward(Tensor x, Pass pass)
    {
        using var scope = NewDisposeScope();
        var b = bias is null ? null : Part(bias.In(pass.Compute));
        Tensor Make() => Part(Weight.In(pass.Compute));
        var (w, again) = Weight.IsMadeAnew ? ((Tensor?)null, (Func<Tensor>?)Make) : (Make(), null);
        var y = Adapter is null ? Functions.FrozenLinear.Product(x, w, again, b) : Adapter.Forward(x, w, b, Part, pass, again);
        return y.MoveToOuterDisposeScope();
    }

    // the rows that are meant; leading dimensions of what is stored count as one
    private Tensor Part(Tensor stored)
    {
        if (linear.Rows is not { } rows)
            return stored;
        var flat = stored.dim() > 2 ? stored.flatten(0, (int)stored.dim() - 2) : stored;
        if (rows.Repeats == 1)
            return flat.narrow(0, rows.Start, rows.Count);
        return cat([.. Enumerable.Range(0, rows.Repeats).Select(run => flat.narrow(0, rows.Start + ((long)run * rows.Stride), rows.Count))], 0);
    }
}
