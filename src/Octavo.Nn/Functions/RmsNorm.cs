using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>Root-mean-square norm of fp32 rows in one pass each way; keeps its input and one number a row.</summary>
internal sealed unsafe class RmsNorm : GuardedFunction<RmsNorm>
{
    /// <param name="x">[N, C] fp32</param>
    /// <param name="w">[C] fp32</param>
    /// <param name="epsilon">ε</param>
    /// <param name="type">fp32 or bf16: the type of the result.</param>
    public static Tensor Apply(Tensor x, Tensor w, float epsilon, ScalarType type) => apply(x, w, epsilon, type);

    protected override Tensor Value(autograd.AutogradContext ctx, object[] vars)
    {
        var (x, w, epsilon, type) = ((Tensor)vars[0], (Tensor)vars[1], (float)vars[2], (ScalarType)vars[3]);
        var (rows, width) = x.Dims2(nameof(x));
        var y = empty(x.shape, type);
        var r = new float[rows];
        var (px, pw, py) = ((nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(w), (nint)TensorMemory.Pointer(y));
        TensorMemory.Rows(rows, (first, end) =>
        {
            fixed (float* pr = r)
            {
                if (type == ScalarType.Float32)
                    RmsNormKernel.Forward<Fp32>((float*)px, (float*)pw, (void*)py, pr, first, end, (int)width, epsilon);
                else
                    RmsNormKernel.Forward<Bf16>((float*)px, (float*)pw, (void*)py, pr, first, end, (int)width, epsilon);
            }
        });
        ctx.save_for_backward([x, w]);
        ctx.save_data("r", r);
        return y;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient)
    {
        var (x, w) = (saved[0], saved[1]);
        var r = (float[])ctx.get_data("r");
        var (rows, width) = x.Dims2(nameof(x));
        var g = gradient.contiguous();
        var dx = empty_like(x);
        // each band of rows adds into a row of its own; the rows are added up in order
        var bands = w.requires_grad ? zeros(get_num_threads(), width) : null;
        var (px, pw, pg, pdx) = ((nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(w), (nint)TensorMemory.Pointer(g), (nint)TensorMemory.Pointer(dx));
        var pdw = bands is null ? 0 : (nint)TensorMemory.Pointer(bands);
        var type = g.dtype;
        TensorMemory.Bands(rows, (band, first, end) =>
        {
            var dw = pdw == 0 ? null : (float*)pdw + (band * width);
            fixed (float* pr = r)
            {
                if (type == ScalarType.Float32)
                    RmsNormKernel.Backward<Fp32>((float*)px, (float*)pw, pr, (void*)pg, (float*)pdx, dw, first, end, (int)width);
                else
                    RmsNormKernel.Backward<Bf16>((float*)px, (float*)pw, pr, (void*)pg, (float*)pdx, dw, first, end, (int)width);
            }
        });
        var sum = bands?.sum([0]);
        return [dx, sum!, null!, null!];
    }
}
