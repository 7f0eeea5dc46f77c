using Octavo.Evaluation.Metrics;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Metrics;

public class IntervalTests
{
    [Theory]
    // by the formula, computed with other means
    [InlineData(8, 10, 0.49016, 0.94332)]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(10, 10, 0.72247, 1)]
    [InlineData(100, 200, 0.43136, 0.56864)]
    public void Wilson_Shares_GiveThePublishedFormula(int hits, int count, double low, double high)
    {
        var interval = Interval.Wilson(hits, count);
        interval.Low.ShouldBe(low, 1e-4);
        interval.High.ShouldBe(high, 1e-4);
    }

    [Fact]
    public void Bootstrap_Ratios_CoverTheFigureAndRepeat()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => 2.0 + (i % 10))];
        double[] weights = [.. Enumerable.Repeat(2.0, 100)];
        var interval = Interval.Bootstrap(values, weights, 4);
        interval.ShouldBe(Interval.Bootstrap(values, weights, 4));
        interval.Low.ShouldBeLessThan(3.25);
        interval.High.ShouldBeGreaterThan(3.25);
        // the standard error of the mean is 2.87 / 10 / 2
        (interval.High - interval.Low).ShouldBe(4 * 0.144, 0.06);
    }
}
