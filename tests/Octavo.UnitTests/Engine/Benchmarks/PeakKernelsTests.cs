using System.Runtime.Intrinsics.X86;
using Octavo.Engine.Benchmarks;
using Octavo.Engine.Kernels;
using Octavo.Engine.Running;
using Shouldly;

namespace Octavo.UnitTests.Engine.Benchmarks;

/// <summary>A limit is only one where the loop does all the work that it is credited with.</summary>
public unsafe class PeakKernelsTests
{
    private const int Rounds = 64;

    public static TheoryData<string> Sets => [.. KernelSets.Available.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Read_AnyByteThatIsNotZero_ShowsInTheResult(string set)
    {
        var kernels = PeakKernels.Of(set);
        using var buffer = new NativeBuffer<byte>(4 * PeakKernels.ReadStep);
        kernels.Read(buffer.Pointer, (nint)buffer.Length).ShouldBe(0);
        for (var i = 0; i < buffer.Length; i++)
        {
            buffer.Pointer[i] = 1;
            kernels.Read(buffer.Pointer, (nint)buffer.Length).ShouldNotBe(0, $"byte {i}");
            buffer.Pointer[i] = 0;
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void MultiplyAdd_EveryChain_ReachesItsFixedPoint(string set)
    {
        // each lane of each chain goes to 2, and counts as two operations
        var kernels = PeakKernels.Of(set);
        ((double)kernels.MultiplyAdd(Rounds)).ShouldBe(kernels.FloatOperations, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Dot_Ones_SumsAsManyProductsAsItIsCreditedWith(string set)
    {
        var kernels = PeakKernels.Of(set);
        using var ones = Ones();
        kernels.Dot(ones.Pointer, Rounds).ShouldBe((int)(Rounds * kernels.IntegerOperations / 2));
        kernels.IntegerForm.ShouldNotBeEmpty();
    }

    [Fact]
    public void SumShorts_Ones_SumsAsManyProductsAsItIsCreditedWith()
    {
        using var ones = Ones();
        if (Avx2.IsSupported)
            Avx2Peak.SumShorts(ones.Pointer, Rounds).ShouldBe((int)(Rounds * Avx2Peak.SumShortsOperations / 2));
        if (Avx512BW.IsSupported)
            Avx512Peak.SumShorts(ones.Pointer, Rounds).ShouldBe((int)(Rounds * Avx512Peak.SumShortsOperations / 2));
    }

    private static NativeBuffer<byte> Ones()
    {
        var ones = new NativeBuffer<byte>(PeakKernels.DotBytes);
        new Span<byte>(ones.Pointer, PeakKernels.DotBytes).Fill(1);
        return ones;
    }
}
