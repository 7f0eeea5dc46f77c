using Octavo.Engine;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Engine.Encoding;

public class PoolTests
{
    private static readonly float[] _rows = [1, 2, 3, 6, 5, 1];

    [Theory]
    [InlineData(Pooling.Mean, 3, 3)]
    [InlineData(Pooling.Cls, 1, 2)]
    [InlineData(Pooling.Last, 5, 1)]
    [InlineData(Pooling.Max, 5, 6)]
    public void Rows_ThreeOfTwo_ArePooled(Pooling pooling, float first, float second) =>
        Pool.Rows(_rows, 2, pooling, normalize: false).ShouldBe([first, second]);

    [Fact]
    public void Rows_Normalized_HaveUnitLengthAndZeroStaysZero()
    {
        Pool.Rows([3, 4], 2, Pooling.Mean, normalize: true).ShouldBe([0.6f, 0.8f]);
        Pool.Rows([0, 0], 2, Pooling.Mean, normalize: true).ShouldBe([0, 0]);
    }
}
