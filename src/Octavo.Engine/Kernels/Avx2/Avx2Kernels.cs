using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>AVX2 with FMA; where the processor has AVX-VNNI the whole products use it, with the same results.</summary>
internal unsafe class Avx2Kernels : KernelSet
{
    public override string Name => "avx2";

    /// <summary>Whether products of many tokens run on 512-bit vectors.</summary>
    private protected virtual bool IsWide => false;

    public override int RowMultiple => 16;

    public override bool HasI16(TensorType type) =>
        type is TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0;

    public override int ScratchFloats(int columns) =>
        Math.Max(Avx2MatMulF32.ScratchFloats(columns), Math.Max(Avx2MatMulI16Tile.ScratchFloats, Avx2MatMulI16Row.ScratchFloats(columns)));

    public override void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch) =>
        Avx2MatMulF32.Run(w, x, ldx, tokens, y, ldy, scratch);

    public override void MatMulI16(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
    {
        switch (w.Type)
        {
            case TensorType.Q4_0: MatMulI16<Q4_0Format>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q4_1: MatMulI16<Q4_1Format>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q5_0: MatMulI16<Q5_0Format>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q5_1: MatMulI16<Q5_1Format>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q8_0: MatMulI16<Q8_0Format>(w, x, tokens, y, ldy, scratch); break;
            default: throw NoI16(w.Type);
        }
    }

    private void MatMulI16<TFormat>(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
        where TFormat : struct, IAvx2Format
    {
        // below four tokens unpacking rows into the panel costs more than reading them again from L1
        if (tokens < 4)
            Avx2MatMulI16Row.Run<TFormat>(w, x, tokens, y, ldy, scratch);
        else if (IsWide && tokens > Avx2Tile.Tokens)
            Avx2MatMulI16Tile.Run<TFormat, Avx512Tile>(w, x, tokens, y, ldy, scratch);
        else
            Avx2MatMulI16Tile.Run<TFormat, Avx2Tile>(w, x, tokens, y, ldy, scratch);
    }

    public override void QuantizeI16(float* x, int n, short* q, float* d, float* s) => Avx2Elementwise.QuantizeI16(x, n, q, d, s);

    public override void RmsNorm(float* x, float* w, float epsilon, int n, float* y) => Avx2Elementwise.RmsNorm(x, w, epsilon, n, y);

    public override void SiluMul(float* gate, float* up, int n, float* y) => Avx2Elementwise.SiluMul(gate, up, n, y);

    public override void Add(float* x, float* y, int n) => Avx2Elementwise.Add(x, y, n);

    public override void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin) =>
        Avx2Elementwise.Rotate(x, heads, headDim, dims, pairing, cos, sin);

    public override void AttendPage(
        float* q, int heads, int headDim, float* k, float* v, int from, int to, float* m, float* l, float* o) =>
        Avx2Attention.Page(q, heads, headDim, k, v, from, to, m, l, o);

    public override void Scale(float* x, float factor, int n) => Avx2Elementwise.Scale(x, factor, n);
}
