using Octavo.Cli.Bench;
using Shouldly;

namespace Octavo.UnitTests.Cli.Bench;

public class StatisticTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3, 0)]
    [InlineData(new[] { 5.0, 1, 4 }, 4, 1, 5, 1)]
    [InlineData(new[] { 4.0, 1, 2, 8 }, 3, 1, 8, 7 / 3.0)]
    public void Of_Numbers_IsTheirMiddleAndTheirEnds(double[] numbers, double median, double min, double max, double spread)
    {
        var statistic = Statistic.Of(numbers);
        statistic.ShouldBe(new Statistic(median, min, max, numbers.Length));
        statistic.Spread.ShouldBe(spread, 1e-12);
    }
}
