using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>
/// x Wᵀ + scale · (x Aᵀ) Bᵀ with a frozen W that is made anew for each direction: nothing as wide as the output is made but the output.
/// </summary>
internal sealed class LowRankLinear : GuardedFunction<LowRankLinear>
{
    /// <param name="x">[N, in]</param>
    /// <param name="w">Makes W [out, in] of x's type; what it returns belongs to the caller's scope.</param>
    /// <param name="bias">[out], frozen, or null.</param>
    /// <param name="a">[r, in] of x's type</param>
    /// <param name="b">[out, r] of x's type</param>
    /// <param name="scale">What the update is multiplied with.</param>
    public static Tensor Apply(Tensor x, Func<Tensor> w, Tensor? bias, Tensor a, Tensor b, double scale) => apply(x, w, a, b, scale, bias!);

    protected override Tensor Value(autograd.AutogradContext ctx, object[] vars)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (x, w, a, b, scale) = ((Tensor)vars[0], (Func<Tensor>)vars[1], (Tensor)vars[2], (Tensor)vars[3], (double)vars[4]);
        var inner = nn.functional.linear(x, a);                                 // [N, r]
        var y = nn.functional.linear(x, w(), (Tensor?)vars[5]);
        y.addmm_(inner, b.t(), 1, (float)scale);
        ctx.save_for_backward([x, a, b, inner]);
        ctx.save_data("w", w);
        // saved when this returns, so it outlives the scope here and goes with the caller's
        inner.MoveToOuterDisposeScope();
        ctx.save_data("scale", scale);
        return y.MoveToOuterDisposeScope();
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient)
    {
        var scale = (float)(double)ctx.get_data("scale");
        var (x, a, b, inner) = (saved[0], saved[1], saved[2], saved[3]);
        var between = Ops.MatMul(gradient, b).mul_(scale);                   // [N, r]
        var dx = Ops.MatMul(gradient, ((Func<Tensor>)ctx.get_data("w"))());
        dx.addmm_(between, a, 1, 1);
        var da = Ops.MatMul(between.t(), x);
        var db = Ops.MatMul(gradient.t(), inner).mul_(scale);
        return [dx, null!, da, db, null!, null!];
    }
}
