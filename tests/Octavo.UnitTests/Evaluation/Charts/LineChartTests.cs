using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Octavo.Evaluation.Charts;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Charts;

public partial class LineChartTests
{
    private const double Width = 720, Height = 300;

    private static XElement Draw(IReadOnlyList<double> values, bool isLog = false, SeriesStyle style = SeriesStyle.Line) => XElement.Parse(
        new LineChart { Title = "loss", Series = [new ChartSeries("a", [.. values.Select((value, i) => new ChartPoint(i, value))], style)], IsLog = isLog }
            .ToFile());

    private static List<string> Paths(XElement svg) =>
        [.. svg.Elements().Where(one => one.Name.LocalName == "path" && one.Attribute("class")!.Value.StartsWith("line s", StringComparison.Ordinal))
            .Select(one => one.Attribute("d")!.Value).Where(path => !path.EndsWith("h18", StringComparison.Ordinal))];

    private static List<(double X, double Y)> Points(string path) => [.. Number().Matches(path).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))
        .Chunk(2).Select(pair => (pair[0], pair[1]))];

    private static List<string> Texts(XElement svg) => [.. svg.Elements().Where(one => one.Name.LocalName == "text").Select(one => one.Value)];

    [Fact]
    public void Draw_ALine_RunsFromLowerLeftToUpperRight()
    {
        var path = Paths(Draw([1, 2, 3])).ShouldHaveSingleItem();
        var points = Points(path);
        points.Select(point => point.X).ShouldBeInOrder();
        points.Select(point => point.Y).ShouldBeInOrder(SortDirection.Descending);
        (points[1].X - points[0].X).ShouldBe(points[2].X - points[1].X, 0.11);
        (points[1].Y - points[0].Y).ShouldBe(points[2].Y - points[1].Y, 0.11);
        points.ShouldAllBe(point => point.X >= 0 && point.X <= Width && point.Y >= 0 && point.Y <= Height);
    }

    [Fact]
    public void Draw_ValuesThatAreNone_AreGapsAndAPointBetweenThemADot()
    {
        var svg = Draw([1, 2, double.NaN, 3, double.PositiveInfinity, 2, 1]);
        var path = Paths(svg).ShouldHaveSingleItem();
        path.Count(letter => letter == 'M').ShouldBe(3);
        Points(path).Count.ShouldBe(5);
        svg.Elements().Count(one => one.Name.LocalName == "circle").ShouldBe(1);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData]
    public void Draw_NothingToShow_SaysSo(params double[] values) => Texts(Draw(values)).ShouldContain("no values");

    [Fact]
    public void Draw_OnePoint_IsADotInThePlane()
    {
        var circle = Draw([5]).Elements().Single(one => one.Name.LocalName == "circle");
        double.Parse(circle.Attribute("cx")!.Value, CultureInfo.InvariantCulture).ShouldBeInRange(60, Width);
        double.Parse(circle.Attribute("cy")!.Value, CultureInfo.InvariantCulture).ShouldBeInRange(30, Height);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3.5)]
    [InlineData(1e-9)]
    [InlineData(1e12)]
    public void Draw_AConstant_LiesInTheMiddle(double value)
    {
        var points = Points(Paths(Draw([value, value, value])).ShouldHaveSingleItem());
        points.Select(point => point.Y).Distinct().ShouldHaveSingleItem().ShouldBeInRange(100, 200);
    }

    [Fact]
    public void Draw_AMillionPoints_StaysSmallAndKeepsTheSpike()
    {
        var values = Enumerable.Range(0, 1_000_000).Select(i => Math.Sin(i / 1e5)).ToArray();
        values[333_333] = 100;
        var svg = Draw(values);
        svg.ToString().Length.ShouldBeLessThan(60_000);
        var points = Points(Paths(svg).ShouldHaveSingleItem());
        points.Min(point => point.Y).ShouldBeLessThan(points.Max(point => point.Y) - 150);
        points.MinBy(point => point.Y).X.ShouldBe(points[0].X + ((points[^1].X - points[0].X) / 3), 1);
    }

    [Fact]
    public void Draw_Logarithmic_EqualFactorsTakeEqualRoomAndZeroIsAGap()
    {
        var svg = Draw([1000, 100, 10, 0, -1, 1], isLog: true);
        var points = Points(Paths(svg).ShouldHaveSingleItem());
        points.Count.ShouldBe(4);
        (points[1].Y - points[0].Y).ShouldBe(points[2].Y - points[1].Y, 0.11);
        Texts(svg).ShouldContain("100");
    }

    [Fact]
    public void Draw_TextsWithMarkup_AreEscaped()
    {
        const string Text = "<script>alert('x')</script>&\"";
        const string Name = "curve " + Text;
        var chart = new LineChart { Title = Text, XName = Text, Series = [new ChartSeries(Name, [new ChartPoint(0, 1), new ChartPoint(1, 2)])] };
        chart.ToInline().ShouldNotContain("<script");
        var texts = Texts(XElement.Parse(chart.ToFile()));
        texts.Count(text => text == Text).ShouldBe(2);
        texts.Count(text => text == Name).ShouldBe(1);
    }

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();
}
