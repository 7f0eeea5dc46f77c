using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>128-bit vectors through .NET's portable operations: ARM64, and x86 without AVX2.</summary>
internal sealed unsafe class PortableKernels : KernelSet
{
    public override string Name => "v128";

    public override int RowMultiple => 4;

    public override bool HasI16(TensorType type) => ScalarRows.HasBlocks(type);

    public override int ScratchFloats(int columns) => PortableMatMul.ScratchFloats(columns);

    public override void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch) =>
        PortableMatMul.F32(w, x, ldx, tokens, y, ldy, scratch);

    public override void MatMulI16(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
    {
        if (!HasI16(w.Type))
            throw NoI16(w.Type);
        PortableMatMul.I16(w, x, tokens, y, ldy, scratch);
    }

    public override void QuantizeI16(float* x, int n, short* q, float* d, float* s) => PortableElementwise.QuantizeI16(x, n, q, d, s);

    public override void RmsNorm(float* x, float* w, float epsilon, int n, float* y) => PortableElementwise.RmsNorm(x, w, epsilon, n, y);

    public override void SiluMul(float* gate, float* up, int n, float* y) => PortableElementwise.SiluMul(gate, up, n, y);

    public override void Add(float* x, float* y, int n) => PortableElementwise.Add(x, y, n);

    public override void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin) =>
        PortableElementwise.Rotate(x, heads, headDim, dims, pairing, cos, sin);

    public override void AttendPage(
        float* q, int heads, int headDim, float* k, float* v, int from, int to, float* m, float* l, float* o) =>
        PortableAttention.Page(q, heads, headDim, k, v, from, to, m, l, o);

    public override void Scale(float* x, float factor, int n) => PortableElementwise.Scale(x, factor, n);
}
