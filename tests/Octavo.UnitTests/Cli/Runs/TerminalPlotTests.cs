using Octavo.Cli.Runs;
using Octavo.Evaluation.Charts;
using Shouldly;

namespace Octavo.UnitTests.Cli.Runs;

public class TerminalPlotTests
{
    private static IReadOnlyList<string> Draw(bool hasColor, bool isLog, params double[][] curves) => new TerminalPlot(
        [.. curves.Select((values, i) => new ChartSeries($"run {i}", [.. values.Select((value, x) => new ChartPoint(x, value))], SeriesStyle.Line, i))],
        42, 6, isLog, hasColor, ChartNumber.Tick).Lines();

    [Fact]
    public void Lines_ARisingLine_GoesFromLowerLeftToUpperRight()
    {
        var lines = Draw(false, false, [0, 1]);
        lines.Count.ShouldBe(8);
        // Braille of eight dots per sign: the first row has its dots at the right end, the last at the left
        lines[0].TrimEnd().Length.ShouldBe(42);
        lines[5][12].ShouldBeInRange('⠁', '⣿');
        lines[0][12].ShouldBe(' ');
        lines[6].ShouldContain("└──");
        lines[7].ShouldStartWith("            0");
        lines[7].ShouldEndWith("1");
        lines.Take(6).Count(line => line.Contains('┤', StringComparison.Ordinal)).ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Lines_SeveralCurves_HaveLettersOrColours()
    {
        var plain = Draw(false, false, [0, 0], [1, 1]);
        plain[0].ShouldContain("BBBB");
        plain[5].ShouldContain("AAAA");
        plain[^2].ShouldEndWith("A run 0");
        plain.ShouldAllBe(line => !line.Contains('\e'));
        Draw(true, false, [0, 0], [1, 1])[0].ShouldContain("\e[33m⠉");
    }

    [Fact]
    public void Lines_ValuesThatAreNone_AreGaps()
    {
        Draw(false, false, [double.NaN]).ShouldBe(["no values"]);
        Draw(false, true, [0, -1]).ShouldBe(["no values"]);
        var row = Draw(false, false, [1, 1, double.NaN, double.NaN, 1, 1]).Single(line => line.Any(letter => letter > '⠀' && letter <= '⣿'));
        row[12..].Trim().ShouldContain("    ");
    }
}
