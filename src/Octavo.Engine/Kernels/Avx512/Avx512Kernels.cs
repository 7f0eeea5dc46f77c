namespace Octavo.Engine.Kernels;

/// <summary>The AVX2 kernels with 512-bit products where many tokens make them pay, and 512-bit attention; the same bits as <see cref="Avx2Kernels"/>.</summary>
internal sealed unsafe class Avx512Kernels : Avx2Kernels
{
    public override string Name => "avx512";

    private protected override bool IsWide => true;

    public override void AttendPage(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch) =>
        VectorAttention.Page<Avx512AttentionTile>(page, queries, visible, ahead, scratch);
}
