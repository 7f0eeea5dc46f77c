using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>x Wᵀ with a frozen W that is made anew for each direction, so that what 4 bits become is not kept between them.</summary>
internal sealed class FrozenLinear : GuardedFunction<FrozenLinear>
{
    /// <param name="x">[N, in]</param>
    /// <param name="w">Makes W [out, in] of x's type; what it returns belongs to the caller's scope.</param>
    /// <param name="bias">[out], frozen, or null.</param>
    public static Tensor Apply(Tensor x, Func<Tensor> w, Tensor? bias) => apply(x, w, bias!);

    /// <summary>The product with W where it is there, else with what <paramref name="again"/> makes.</summary>
    /// <param name="x">[N, in]</param>
    /// <param name="w">[out, in], or null.</param>
    /// <param name="again">Makes W where it is not kept.</param>
    /// <param name="bias">[out], or null.</param>
    public static Tensor Product(Tensor x, Tensor? w, Func<Tensor>? again, Tensor? bias) =>
        w is not null ? nn.functional.linear(x, w, bias) : Apply(x, again!, bias);

    protected override Tensor Value(autograd.AutogradContext ctx, object[] vars)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var w = (Func<Tensor>)vars[1];
        ctx.save_data("w", w);
        return nn.functional.linear((Tensor)vars[0], w(), (Tensor?)vars[2]).MoveToOuterDisposeScope();
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient)
    {
        return [Ops.MatMul(gradient, ((Func<Tensor>)ctx.get_data("w"))()), null!, null!];
    }
}
