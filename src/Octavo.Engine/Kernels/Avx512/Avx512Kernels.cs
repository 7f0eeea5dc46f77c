namespace Octavo.Engine.Kernels;

/// <summary>The AVX2 kernels with 512-bit products where many tokens make them pay; the same bits as <see cref="Avx2Kernels"/>.</summary>
internal sealed class Avx512Kernels : Avx2Kernels
{
    public override string Name => "avx512";

    private protected override bool IsWide => true;
}
