using Octavo.Core.Tensors;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Models;

public class MemoryEstimateTests
{
    [Fact]
    public void For_Tiny_IsTheHandCount()
    {
        // C 24, F 20, V 40, H 6, Hkv 2, Dh 4, 2 layers; 100 positions take two pages of 64
        var estimate = MemoryEstimate.For(TinyConfig.Hub().Describe(), TensorType.F16, contextLength: 100, batch: 3, cacheBytes: 2, rows: 8);
        const int Matrices = (40 * 24 * 2) + (2 * ((24 * 24 * 2) + (8 * 24 * 2) + (20 * 24 * 3)));
        estimate.Weights.ShouldBe((Matrices * 2) + (5 * 24 * 4));
        estimate.Cache.ShouldBe(2 * 2 * 8 * 128 * 3 * 2);
        estimate.Activations.ShouldBe(((8 * ((2 * 24) + (2 * 24) + (2 * 8))) + (3 * 40)) * 4);
    }

    [Fact]
    public void For_RowsThatDoNotFillBlocks_TakesHalfPrecision() =>
        MemoryEstimate.For(TinyConfig.Hub().Describe(), TensorType.Q8_0, 64)
            .ShouldBe(MemoryEstimate.For(TinyConfig.Hub().Describe(), TensorType.F16, 64));

    [Fact]
    public void For_TiedHead_CountsItOnce()
    {
        var (tied, untied) = (TinyConfig.Hub().With("tie_word_embeddings", true).Describe(), TinyConfig.Hub().Describe());
        (MemoryEstimate.For(untied, TensorType.F32, 64).Weights - MemoryEstimate.For(tied, TensorType.F32, 64).Weights).ShouldBe(40 * 24 * 4);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void For_NothingToHold_Throws(int context, int batch, double bytes) =>
        Should.Throw<ArgumentOutOfRangeException>(() => MemoryEstimate.For(TinyConfig.Hub().Describe(), TensorType.F32, context, batch, bytes));
}
