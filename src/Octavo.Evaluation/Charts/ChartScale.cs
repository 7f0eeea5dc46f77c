namespace Octavo.Evaluation.Charts;

/// <summary>A range of values, as an axis shows it.</summary>
/// <param name="Least">At the axis' beginning; above 0 where it is logarithmic.</param>
/// <param name="Most">At its end; above <paramref name="Least"/>.</param>
/// <param name="IsLog">Equal factors take equal room.</param>
internal sealed record ChartScale(double Least, double Most, bool IsLog)
{
    private const double Slack = 1e-9;

    /// <summary>A scale that holds all values and leaves room around them; any range where there are none.</summary>
    /// <param name="values">Those that are not finite, and on a logarithmic axis those that are not above 0, are not shown.</param>
    /// <param name="isLog">Whether the axis is logarithmic.</param>
    /// <param name="margin">Room on both sides, as a part of the range.</param>
    public static ChartScale Of(IEnumerable<double> values, bool isLog, double margin)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            if (!double.IsFinite(value) || (isLog && value <= 0))
                continue;
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }
        if (least > most)
            return isLog ? new ChartScale(0.1, 10, true) : new ChartScale(0, 1, false);
        if (isLog)
        {
            var factor = Math.Max(Math.Pow(most / least, margin), least == most ? 2 : 1);
            return new ChartScale(least / factor, most * factor, true);
        }
        var room = most > least ? (most - least) * margin : most == 0 ? 1 : Math.Abs(most) * 0.1;
        return new ChartScale(least - room, most + room, false);
    }

    /// <summary>Where a value lies, 0 at the beginning and 1 at the end; no number where it cannot be shown.</summary>
    public double Place(double value) => !IsLog ? (value - Least) / (Most - Least)
        : value > 0 ? Math.Log(value / Least) / Math.Log(Most / Least)
        : double.NaN;

    /// <summary>About as many round values as asked for.</summary>
    public IReadOnlyList<double> Ticks(int about) => IsLog && Math.Log10(Most / Least) >= 1.2 ? LogTicks(about) : LinearTicks(about);

    private List<double> LinearTicks(int about)
    {
        var rough = (Most - Least) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) - Slack) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        List<double> ticks = [];
        var first = Math.Ceiling((Least / step) - Slack);
        for (var i = first; i * step <= Most + (step * Slack) && ticks.Count < 4 * about; i++)
            ticks.Add(Math.Round(i * step / power * 1e6) / 1e6 * power);
        return ticks;
    }

    private List<double> LogTicks(int about)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(Least)), (int)Math.Ceiling(Math.Log10(Most)));
        var every = Math.Max(1, (last - first) / about);
        int[] digits = last - first <= about / 2 ? [1, 2, 5] : [1];
        List<double> ticks = [];
        for (var power = first; power <= last; power += every)
        {
            foreach (var digit in digits)
            {
                // parsed, not computed: a power of ten that is off by a bit is shown with all its digits
                var tick = double.Parse($"{digit}e{power}", System.Globalization.CultureInfo.InvariantCulture);
                if (tick >= Least * (1 - Slack) && tick <= Most * (1 + Slack))
                    ticks.Add(tick);
            }
        }
        return ticks;
    }
}
