using System.Globalization;
using System.Text;
using Octavo.Evaluation.Charts;

namespace Octavo.Cli.Runs;

/// <summary>
/// Curves in a terminal. One curve, or several in colours, are drawn with the eight dots of Braille signs; several without colours with
/// a letter each.
/// </summary>
/// <param name="series">The curves; pale ones are left out.</param>
/// <param name="columns">The width with the numbers at the side.</param>
/// <param name="rows">The height of the plane.</param>
/// <param name="isLog">A logarithmic upright axis.</param>
/// <param name="hasColor">Whether colours may be written.</param>
/// <param name="format">Writes a value beside the axis.</param>
internal sealed class TerminalPlot(
    IReadOnlyList<ChartSeries> series, int columns, int rows, bool isLog, bool hasColor, Func<double, string> format)
{
    private const int LabelWidth = 10, DotsAcross = 2, DotsDown = 4, Braille = 0x2800, Nobody = -1;

    // dots of a Braille sign by row and column, as its bits are numbered
    private static readonly int[,] _bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
    private static readonly int[] _colors = [34, 33, 32, 35, 36, 31, 93, 37];

    private readonly List<ChartSeries> _series = [.. series.Where(one => one.Style != SeriesStyle.Faint && one.Points.Count > 0)];

    private int Wide => Math.Max(10, columns - LabelWidth - 2);

    private bool HasLetters => _series.Count > 1 && !hasColor;

    /// <summary>The lines from top to bottom, the legend last where there are several curves.</summary>
    public IReadOnlyList<string> Lines()
    {
        var points = _series.SelectMany(one => one.Points).Where(IsShown).ToList();
        if (points.Count == 0)
            return ["no values"];
        var first = points.Min(point => point.X);
        var x = new ChartScale(first, Math.Max(points.Max(point => point.X), first + 1), false);
        var y = ChartScale.Of(points.Select(point => point.Y), isLog, 0.02);
        var (dots, owners) = (new int[rows, Wide], new int[rows, Wide]);
        for (var i = 0; i < rows * Wide; i++)
            owners[i / Wide, i % Wide] = Nobody;
        for (var i = 0; i < _series.Count; i++)
            Draw(i, x, y, dots, owners);
        var labels = y.Ticks(Math.Max(2, rows / 4)).GroupBy(tick => Row(y, tick))
            .ToDictionary(group => group.Key, group => format(group.First()));
        List<string> lines = [.. Enumerable.Range(0, rows).Select(row => Line(row, labels.GetValueOrDefault(row), dots, owners))];
        lines.Add(new string(' ', LabelWidth) + " └" + new string('─', Wide));
        var (left, right) = (ChartNumber.Tick(x.Least), ChartNumber.Tick(x.Most));
        lines.Add(new string(' ', LabelWidth + 2) + left + right.PadLeft(Math.Max(right.Length + 1, Wide - left.Length)));
        if (_series.Count > 1)
        {
            lines.AddRange(_series.Select((one, i) =>
                new string(' ', LabelWidth + 2) + (HasLetters ? Letter(i) : Colored(i, "━━")) + " " + one.Name));
        }
        return lines;
    }

    private bool IsShown(ChartPoint point) => double.IsFinite(point.Y) && (!isLog || point.Y > 0);

    private int Row(ChartScale y, double value) => Math.Clamp((int)((1 - y.Place(value)) * rows), 0, rows - 1);

    /// <summary>Every column between two neighbours gets its dot, and steep lines get all dots between two columns.</summary>
    private void Draw(int owner, ChartScale x, ChartScale y, int[,] dots, int[,] owners)
    {
        var points = Decimation.Apply(_series[owner].Points, Wide * DotsAcross);
        (int X, int Y)? before = null;
        foreach (var point in points)
        {
            if (!IsShown(point))
            {
                before = null;
                continue;
            }
            (int X, int Y) here = (
                (int)(x.Place(point.X) * ((Wide * DotsAcross) - 1)),
                Math.Clamp((int)((1 - y.Place(point.Y)) * rows * DotsDown), 0, (rows * DotsDown) - 1));
            var start = before ?? here;
            var steps = Math.Max(1, Math.Max(Math.Abs(here.X - start.X), Math.Abs(here.Y - start.Y)));
            for (var i = 0; i <= steps; i++)
            {
                var (column, row) = (start.X + ((here.X - start.X) * i / steps), start.Y + ((here.Y - start.Y) * i / steps));
                dots[row / DotsDown, column / DotsAcross] |= _bits[row % DotsDown, column % DotsAcross];
                owners[row / DotsDown, column / DotsAcross] = owner;
            }
            before = here;
        }
    }

    private string Line(int row, string? label, int[,] dots, int[,] owners)
    {
        var line = new StringBuilder();
        line.Append((label ?? "").PadLeft(LabelWidth)).Append(label is null ? " │" : " ┤");
        for (var column = 0; column < Wide; column++)
        {
            var owner = owners[row, column];
            if (owner == Nobody)
                line.Append(' ');
            else if (HasLetters)
                line.Append(Letter(owner));
            else
                line.Append(Colored(owner, ((char)(Braille + dots[row, column])).ToString()));
        }
        return line.ToString().TrimEnd();
    }

    private static string Letter(int i) => ((char)('A' + (i % 26))).ToString();

    private string Colored(int i, string text) =>
        hasColor ? string.Create(CultureInfo.InvariantCulture, $"\e[{_colors[_series[i].Color % _colors.Length]}m{text}\e[0m") : text;
}
