using CsCheck;
using Octavo.Evaluation.Charts;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Charts;

/// <summary>What is done to curves before they are drawn.</summary>
public class CurveTests
{
    private static ChartPoint[] Curve(params double[] values) => [.. values.Select((value, i) => new ChartPoint(i, value))];

    [Fact]
    public void Smoothing_OfNumbers_IsTheWeightedMeanSoFar()
    {
        var smoothed = Smoothing.Apply(Curve(4, double.NaN, 1, 1), 0.5);
        smoothed.Select(point => point.Y).ShouldBe([4, double.NaN, (2 + 1) / 1.5, (1 + 0.5 + 1) / 1.75]);
        Smoothing.Apply(Curve(3, 1, 4), 0).ShouldBe(Curve(3, 1, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => Smoothing.Apply([], 1));
    }

    [Fact]
    public void Smoothing_WeightOfFewPoints_IsNone()
    {
        Smoothing.WeightFor(60).ShouldBe(0);
        Smoothing.WeightFor(600).ShouldBe(0.9, 1e-12);
        Smoothing.WeightFor(int.MaxValue).ShouldBe(0.995);
    }

    [Fact]
    public void Decimation_AnyCurve_KeepsItsEndsAndItsExtremes() => Gen.Double[-5, 5].Array[200, 3000].Sample(values =>
    {
        values[values.Length / 2] = double.NaN;
        var kept = Decimation.Apply(Curve(values), 20);
        kept.Count.ShouldBeLessThanOrEqualTo(80);
        kept.Select(point => point.X).ShouldBeInOrder();
        kept[0].ShouldBe(new ChartPoint(0, values[0]));
        kept[^1].ShouldBe(new ChartPoint(values.Length - 1, values[^1]));
        kept.Max(point => point.Y).ShouldBe(values.Max());
        kept.Where(point => !double.IsNaN(point.Y)).Min(point => point.Y).ShouldBe(values.Where(value => !double.IsNaN(value)).Min());
    });

    [Fact]
    public void Decimation_LongGaps_StayGaps()
    {
        var values = Enumerable.Repeat(1.0, 1000).ToArray();
        values.AsSpan(300, 400).Fill(double.NaN);
        var kept = Decimation.Apply(Curve(values), 10);
        kept.Count(point => double.IsNaN(point.Y)).ShouldBeGreaterThan(0);
        kept.Where(point => point.X is >= 300 and < 700).ShouldAllBe(point => double.IsNaN(point.Y));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.30000000000000004, "0.3000")]
    [InlineData(2.1234567, "2.123")]
    [InlineData(123.456, "123.5")]
    [InlineData(1250, "1,250")]
    [InlineData(2.1e-5, "2.1e-5")]
    [InlineData(3_210_000, "3.21M")]
    [InlineData(-1.5e20, "-1.5e20")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Number_Short_IsReadable(double value, string text) => ChartNumber.Short(value).ShouldBe(text);

    [Theory]
    [InlineData(0.30000000000000004, "0.3")]
    [InlineData(100, "100")]
    [InlineData(2.50, "2.5")]
    [InlineData(150_000, "150k")]
    [InlineData(2e-5, "2e-5")]
    public void Number_Tick_HasNoZerosAtItsEnd(double value, string text) => ChartNumber.Tick(value).ShouldBe(text);

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(3725, "1 h 02 min")]
    [InlineData(100_000, "1 d 03 h")]
    public void Number_Time_HasTwoUnits(double seconds, string text) => ChartNumber.Time(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
