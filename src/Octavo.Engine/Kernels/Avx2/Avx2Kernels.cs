using System.Runtime.Intrinsics.X86;
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

    public override int ScratchFloats(int columns) =>
        Math.Max(Avx2MatMulF32.ScratchFloats(columns), Avx2PackedTile.ScratchFloats);

    public override void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch) =>
        Avx2MatMulF32.Run(w, x, ldx, tokens, y, ldy, scratch);

    public override void MatMulPacked(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch)
    {
        switch (w.Format.Type)
        {
            case TensorType.Q4_0: Packed<PackedQ4_0>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q4_1: Packed<PackedQ4_1>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q5_0: Packed<PackedQ5_0>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q5_1: Packed<PackedQ5_1>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q8_0: Packed<PackedQ8_0>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q4_K: Packed<PackedQ4_K>(w, x, tokens, y, ldy, scratch); break;
            case TensorType.Q5_K: Packed<PackedQ5_K>(w, x, tokens, y, ldy, scratch); break;
            default: Packed<PackedQ6_K>(w, x, tokens, y, ldy, scratch); break;
        }
    }

    private void Packed<TFormat>(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch)
        where TFormat : struct, IAvx2Packed
    {
        // below four tokens unpacking rows into the panel costs more than reading them again from L1
        if (tokens < 4)
            Avx2PackedRow.Run<TFormat>(w, x, tokens, y, ldy);
        else if (AvxVnni.IsSupported)
            Avx2PackedTile.Run<TFormat, Avx2VnniTile>(w, x, tokens, y, ldy, scratch);
        else if (IsWide && TFormat.Bits == 4)
            Avx2PackedTile.Run<TFormat, Avx512Tile>(w, x, tokens, y, ldy, scratch);
        else
            Avx2PackedTile.Run<TFormat, Avx2PairTile>(w, x, tokens, y, ldy, scratch);
    }

    public override void Quantize(float* x, in QuantizedRows to) => Avx2Quantize.Run(x, to);

    public override void RmsNorm(float* x, float* w, float epsilon, int n, float* y) => Avx2Elementwise.RmsNorm(x, w, epsilon, n, y);

    public override void LayerNorm(float* x, float* w, float* b, float epsilon, int n, float* y) =>
        Avx2Encoders.LayerNorm(x, w, b, epsilon, n, y);

    public override void Activate(Activation act, float* x, int n) => Avx2Encoders.Activate(act, x, n);

    public override void GateMul(Activation act, float* gate, float* up, int n, float* y)
    {
        if (act == Activation.Silu)
            Avx2Elementwise.GateMul<SiluGate>(gate, up, n, y);
        else
            Avx2Elementwise.GateMul<GeluTanhGate>(gate, up, n, y);
    }

    public override void Cap(float* x, float cap, int n) => Avx2Elementwise.Cap(x, cap, n);

    public override void Add(float* x, float* y, int n) => Avx2Elementwise.Add(x, y, n);

    public override void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin) =>
        Avx2Elementwise.Rotate(x, heads, headDim, dims, pairing, cos, sin);

    public override float QueryScale(KvType type) => type == KvType.F16 ? Fp16.Bias : 1;

    public override void AttendPage(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch) =>
        VectorAttention.Page<Avx2AttentionTile>(page, queries, visible, ahead, scratch);

    public override void ScorePage(in PageView page, float* q, int count, float* scores) =>
        VectorAttention.Scores<Avx2AttentionTile>(page, q, count, scores);

    public override bool StorePosition(in PageView page, int slot, float* k, float* v) => Avx2Pages.Store(page, slot, k, v);

    public override void AddLowRank(float* u, int rank, float* b, int ldb, float* gain, float* y, int n) =>
        Avx2LowRank.Run(u, rank, b, ldb, gain, y, n);

    public override void Scale(float* x, float factor, int n) => Avx2Elementwise.Scale(x, factor, n);
}
