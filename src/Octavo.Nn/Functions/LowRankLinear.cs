using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>x Wᵀ + scale · (x Aᵀ) Bᵀ with a frozen W: nothing as wide as the output is made but the output.</summary>
internal sealed class LowRankLinear : autograd.SingleTensorFunction<LowRankLinear>
{
    public override string Name => nameof(LowRankLinear);

    /// <param name="x">[N, in]</param>
    /// <param name="w">[out, in], frozen; of x's type. May be null where <paramref name="again"/> makes it.</param>
    /// <param name="bias">[out], frozen, or null.</param>
    /// <param name="a">[r, in] of x's type</param>
    /// <param name="b">[out, r] of x's type</param>
    /// <param name="scale">What the update is multiplied with.</param>
    /// <param name="again">Makes W for the backward pass, and for the forward one where it is null, so that it is not kept; null keeps it.</param>
    public static Tensor Apply(Tensor x, Tensor? w, Tensor? bias, Tensor a, Tensor b, double scale, Func<Tensor>? again = null) =>
        apply(x, w!, a, b, scale, bias!, again!);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (x, w, a, b, scale) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor)vars[2], (Tensor)vars[3], (double)vars[4]);
        var again = (Func<Tensor>?)vars[6];
        var inner = nn.functional.linear(x, a);                                 // [N, r]
        var y = nn.functional.linear(x, w ?? again!(), (Tensor?)vars[5]);
        y.addmm_(inner, b.t(), 1, (float)scale);
        ctx.save_for_backward(again is null ? [x, a, b, inner, w!] : [x, a, b, inner]);
        ctx.save_data("again", again!);
        // saved when this returns, so it outlives the scope here and goes with the caller's
        inner.MoveToOuterDisposeScope();
        ctx.save_data("scale", scale);
        return y.MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var saved = ctx.get_saved_variables();
        var scale = (float)(double)ctx.get_data("scale");
        var (x, a, b, inner) = (saved[0], saved[1], saved[2], saved[3]);
        var w = saved.Count > 4 ? saved[4] : ((Func<Tensor>)ctx.get_data("again"))();
        var between = Ops.MatMul(grad_output, b).mul_(scale);                   // [N, r]
        var dx = Ops.MatMul(grad_output, w);
        dx.addmm_(between, a, 1, 1);
        var da = Ops.MatMul(between.t(), x);
        var db = Ops.MatMul(grad_output.t(), inner).mul_(scale);
        foreach (var one in saved)
            one.Dispose();
        return [dx.MoveToOuterDisposeScope(), null!, da.MoveToOuterDisposeScope(), db.MoveToOuterDisposeScope(), null!, null!, null!];
    }
}
