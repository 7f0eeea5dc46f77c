namespace Octavo.Engine.Kernels;

/// <summary>The AVX2 kernels with 512-bit products where many tokens make them pay, and 512-bit attention; the same bits as <see cref="Avx2Kernels"/>.</summary>
internal sealed unsafe class Avx512Kernels : Avx2Kernels
{
    private const int ShallowPages = 12;

    private readonly Avx2Kernels _narrow = new();

    public override string Name => "avx512";

    private protected override bool IsWide => true;

    public override int ScratchFloats(int columns) => Math.Max(base.ScratchFloats(columns), Avx512MatMulF32.ScratchFloats(columns));

    public override void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch)
    {
        if (Avx512MatMulF32.Takes(w, tokens))
            Avx512MatMulF32.Run(w, x, ldx, tokens, y, ldy, scratch);
        else
            base.MatMulF32(w, x, ldx, tokens, y, ldy, scratch);
    }

    /// <summary>Wide vectors lower the clock of all that follows; they pay where attention is a good part of the work.</summary>
    public override KernelSet ForDepth(int pages) => pages > ShallowPages ? this : _narrow;

    public override void AttendPage(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch) =>
        VectorAttention.Page<Avx512AttentionTile>(page, queries, visible, ahead, scratch);

    public override void ScorePage(in PageView page, float* q, int count, float* scores) =>
        VectorAttention.Scores<Avx512AttentionTile>(page, q, count, scores);
}
