using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>The rotation of pairs i, i + Dims/2; its gradient is the rotation back, so that nothing is kept but cosines and sines.</summary>
internal sealed unsafe class RotaryHalves : GuardedFunction<RotaryHalves>
{
    /// <param name="x">[N, H, Dh] fp32 or bf16</param>
    /// <param name="cos">[N, 1, Dims/2] fp32</param>
    /// <param name="sin">[N, 1, Dims/2] fp32</param>
    public static Tensor Apply(Tensor x, Tensor cos, Tensor sin) => apply(x, cos, sin);

    protected override Tensor Value(autograd.AutogradContext ctx, object[] vars)
    {
        var (x, cos, sin) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([cos, sin]);
        return Turn(x, cos, sin, 1);
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient)
    {
        var dx = Turn(gradient.contiguous(), saved[0], saved[1], -1);
        return [dx, null!, null!];
    }

    private static Tensor Turn(Tensor x, Tensor cos, Tensor sin, float sign)
    {
        var y = empty(x.shape, x.dtype);
        var (rows, heads, width, pairs) = (x.shape[0], (int)x.shape[1], (int)x.shape[2], (int)cos.shape[2]);
        var (px, py, pc, ps, type) = ((nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(y), (nint)TensorMemory.Pointer(cos), (nint)TensorMemory.Pointer(sin), x.dtype);
        TensorMemory.Rows(rows, (first, end) =>
        {
            if (type == ScalarType.Float32)
                RotaryKernel.Halves<Fp32>((void*)px, (void*)py, (float*)pc, (float*)ps, sign, first, end, heads, width, pairs);
            else
                RotaryKernel.Halves<Bf16>((void*)px, (void*)py, (float*)pc, (float*)ps, sign, first, end, heads, width, pairs);
        });
        return y;
    }
}
