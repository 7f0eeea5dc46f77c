using CsCheck;
using Octavo.Evaluation.Charts;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Charts;

public class ChartScaleTests
{
    [Theory]
    [InlineData(0, 10, 5, new double[] { 0, 2, 4, 6, 8, 10 })]
    [InlineData(-0.03, 0.07, 4, new[] { 0, 0.05 })]
    [InlineData(1e-6, 9e-6, 4, new[] { 2e-6, 4e-6, 6e-6, 8e-6 })]
    public void Ticks_Linear_AreRound(double least, double most, int about, double[] ticks) =>
        new ChartScale(least, most, false).Ticks(about).ShouldBe(ticks, 1e-15);

    [Fact]
    public void Ticks_Logarithmic_ArePowersOrTheirHalves()
    {
        new ChartScale(0.5, 2e6, true).Ticks(4).ShouldBe([10, 1000, 100_000]);
        new ChartScale(0.9, 60, true).Ticks(6).ShouldBe([1, 2, 5, 10, 20, 50]);
        // less than a decade and a half has too few powers of ten
        new ChartScale(1.5, 3.5, true).Ticks(4).ShouldBe([1.5, 2, 2.5, 3, 3.5], 1e-12);
    }

    [Fact]
    public void Ticks_AnyRange_LieInItAndAreNotTooMany() => Gen.Select(Gen.Double[-1e9, 1e9], Gen.Double[1, 1e9], Gen.Int[3, 12]).Sample((least, width, about) =>
    {
        var ticks = new ChartScale(least, least + width, false).Ticks(about);
        ticks.ShouldAllBe(tick => tick >= least - (width * 0.01) && tick <= least + (width * 1.01));
        ticks.Count.ShouldBeInRange(1, (int)(2.5 * about) + 1);
    });

    [Fact]
    public void Of_Values_HoldsThemWithRoom()
    {
        ChartScale.Of([0, 10, double.NaN, double.NegativeInfinity], false, 0.1).ShouldBe(new ChartScale(-1, 11, false));
        ChartScale.Of([-5, 0, 100, 1], true, 0.5).ShouldBe(new ChartScale(0.1, 1000, true));
        ChartScale.Of([], false, 0.1).ShouldBe(new ChartScale(0, 1, false));
    }
}
