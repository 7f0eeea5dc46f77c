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
        // what 4 bits become is not kept: all layers' would be as large as the model in 16
        var again = Weight is Nf4Weight ? () => Part(Weight.In(pass.Compute)) : (Func<Tensor>?)null;
        if (Adapter is null)
            return Plain(x, b, again, pass).MoveToOuterDisposeScope();
        return Adapter.Forward(x, Part(Weight.In(pass.Compute)), b, Part, pass, again).MoveToOuterDisposeScope();
    }

    private Tensor Plain(Tensor x, Tensor? b, Func<Tensor>? again, Pass pass) =>
        again is null ? nn.functional.linear(x, Part(Weight.In(pass.Compute)), b) : Functions.FrozenLinear.Apply(x, again, b);

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
