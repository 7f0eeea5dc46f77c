using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>128-bit vectors through .NET's portable operations: ARM64, and x86 without AVX2.</summary>
internal sealed unsafe class PortableKernels : KernelSet
{
    public override string Name => "v128";

    public override int ScratchFloats(int columns) => Math.Max(PortableMatMul.ScratchFloats(columns), PackedPanel.Floats(columns));

    public override void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch) =>
        PortableMatMul.F32(w, x, ldx, tokens, y, ldy, scratch);

    public override void MatMulPacked(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch) =>
        PortablePacked.Run(w, x, tokens, y, ldy, scratch);

    public override void Quantize(float* x, in QuantizedRows to) => ScalarPacked.Quantize(x, to);

    public override void RmsNorm(float* x, float* w, float epsilon, int n, float* y) => PortableElementwise.RmsNorm(x, w, epsilon, n, y);

    public override void GateMul(Activation act, float* gate, float* up, int n, float* y)
    {
        if (act == Activation.Silu)
            PortableElementwise.GateMul<SiluGate>(gate, up, n, y);
        else
            PortableElementwise.GateMul<GeluTanhGate>(gate, up, n, y);
    }

    public override void Cap(float* x, float cap, int n) => PortableElementwise.Cap(x, cap, n);

    public override void Add(float* x, float* y, int n) => PortableElementwise.Add(x, y, n);

    public override void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin) =>
        PortableElementwise.Rotate(x, heads, headDim, dims, pairing, cos, sin);

    public override void AttendPage(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch) =>
        PortableAttention.Page(page, queries, visible, scratch);

    public override void ScorePage(in PageView page, float* q, int count, float* scores) => ScalarAttention.Scores(page, q, count, scores);

    public override bool StorePosition(in PageView page, int slot, float* k, float* v) => ScalarPages.Store(page, slot, k, v);

    public override void Scale(float* x, float factor, int n) => PortableElementwise.Scale(x, factor, n);
}
