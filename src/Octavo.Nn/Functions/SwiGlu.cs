using Octavo.Nn.Kernels;
using static TorchSharp.torch;

namespace Octavo.Nn.Functions;

/// <summary>silu(gate) · up in one pass each way; keeps its inputs alone.</summary>
internal sealed unsafe class SwiGlu : GuardedFunction<SwiGlu>
{
    /// <param name="gate">[N, F] fp32 or bf16</param>
    /// <param name="up">[N, F] of the same type</param>
    public static Tensor Apply(Tensor gate, Tensor up) => apply(gate, up);

    protected override Tensor Value(autograd.AutogradContext ctx, object[] vars)
    {
        var (gate, up) = ((Tensor)vars[0], (Tensor)vars[1]);
        var y = empty(gate.shape, gate.dtype);
        var (pg, pu, py, type) = ((nint)TensorMemory.Pointer(gate), (nint)TensorMemory.Pointer(up), (nint)TensorMemory.Pointer(y), gate.dtype);
        TensorMemory.Rows(gate.numel(), (first, end) =>
        {
            if (type == ScalarType.Float32)
                GateKernel.Forward<Fp32>((void*)pg, (void*)pu, (void*)py, first, end);
            else
                GateKernel.Forward<Bf16>((void*)pg, (void*)pu, (void*)py, first, end);
        });
        ctx.save_for_backward([gate, up]);
        return y;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> saved, Tensor gradient)
    {
        var (gate, up, dy) = (saved[0], saved[1], gradient.contiguous());
        var (dGate, dUp) = (empty_like(gate), empty_like(up));
        var (pg, pu, pd, pdg, pdu) = ((nint)TensorMemory.Pointer(gate), (nint)TensorMemory.Pointer(up), (nint)TensorMemory.Pointer(dy), (nint)TensorMemory.Pointer(dGate), (nint)TensorMemory.Pointer(dUp));
        var type = gate.dtype;
        TensorMemory.Rows(gate.numel(), (first, end) =>
        {
            if (type == ScalarType.Float32)
                GateKernel.Backward<Fp32>((void*)pg, (void*)pu, (void*)pd, (void*)pdg, (void*)pdu, first, end);
            else
                GateKernel.Backward<Bf16>((void*)pg, (void*)pu, (void*)pd, (void*)pdg, (void*)pdu, first, end);
        });
        return [dGate, dUp];
    }
}
