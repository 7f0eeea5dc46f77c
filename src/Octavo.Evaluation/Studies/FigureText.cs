using Octavo.Evaluation.Charts;
using Octavo.Evaluation.Metrics;

namespace Octavo.Evaluation.Studies;

/// <summary>Figures as pages show them.</summary>
internal static class FigureText
{
    private const string None = "—";

    /// <summary>Such as 97.4 %, 12.3 MB, 45.10 ms.</summary>
    public static string Of(StudyMetric metric, double value) => double.IsNaN(value) ? None : metric switch
    {
        { IsShare: true } => Percent(value) + " %",
        _ => Number(metric, value),
    };

    /// <summary>A value in a column whose head says the unit, as <see cref="Name"/> does.</summary>
    public static string InColumn(StudyMetric metric, double value) =>
        double.IsNaN(value) || metric.IsShare || metric.Unit == "bytes" ? Of(metric, value) : ChartNumber.Short(value);

    /// <summary>A difference: that of shares in percentage points.</summary>
    public static string Difference(StudyMetric metric, double value) => double.IsNaN(value) ? None : metric switch
    {
        { IsShare: true } => Percent(value) + " points",
        _ => Number(metric, value),
    };

    /// <summary>A claim's figure: of an effect a difference.</summary>
    public static string Of(StudyClaim claim, StudyMetric metric, double value) => claim is StudyEffect ? Difference(metric, value) : Of(metric, value);

    /// <summary>An interval without its unit, such as 93.1–98.6; empty where there is none.</summary>
    public static string Range(StudyMetric metric, Interval interval)
    {
        if (double.IsNaN(interval.Low) || interval.Low == interval.High)
            return "";
        Func<double, string> text = metric switch
        {
            { IsShare: true } => Percent,
            { Unit: "bytes" } => ChartNumber.Bytes,
            _ => value => ChartNumber.Short(value),
        };
        var (low, high) = (text(interval.Low), text(interval.High));
        return interval.Low < 0 ? $"{low} to {high}" : $"{low}–{high}";
    }

    /// <summary>A value beside an axis.</summary>
    public static Func<double, string> Axis(StudyMetric metric) => metric switch
    {
        { IsShare: true } => value => ChartNumber.Tick(Math.Round(value * 100, 6)) + " %",
        { Unit: "bytes" } => ChartNumber.Bytes,
        _ => ChartNumber.Tick,
    };

    /// <summary>A metric's name with its unit, where values in a column do not say it.</summary>
    public static string Name(StudyMetric metric) => metric.IsShare || metric.Unit is "" or "bytes" ? metric.Name : $"{metric.Name} ({metric.Unit})";

    // "-0.0" would be a difference that is none
    private static string Percent(double share) => (Math.Round(share * 100, 1) + 0.0).ToString("F1", System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Number(StudyMetric metric, double value) => metric.Unit switch
    {
        "bytes" => ChartNumber.Bytes(value),
        "" => ChartNumber.Short(value),
        _ => $"{ChartNumber.Short(value)} {metric.Unit}",
    };
}
