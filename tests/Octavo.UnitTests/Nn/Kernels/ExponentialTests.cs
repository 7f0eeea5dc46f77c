using System.Runtime.Intrinsics;
using Octavo.Nn.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Nn.Kernels;

/// <summary>eˣ in fp32.</summary>
public class ExponentialTests
{
    [Fact]
    public void Of_WholeRange_IsThatOfDouble()
    {
        for (var x = -87.3f; x < 88.3f; x += 0.0137f)
        {
            var exact = Math.Exp(x);
            (Math.Abs(Exponential.Of(Vector256.Create(x))[0] - exact) / exact < 2.5e-7).ShouldBeTrue($"{x}");
        }
    }

    [Theory]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(-1e30f, 0)]
    [InlineData(-87.34f, 0)]
    [InlineData(0, 1)]
    public void Of_Ends_Exact(float x, float expected) => Exponential.Of(Vector256.Create(x))[3].ShouldBe(expected);

    [Fact]
    public void Of_NaN_StaysOne() => Exponential.Of(Vector256.Create(float.NaN))[0].ShouldBe(float.NaN);
}
