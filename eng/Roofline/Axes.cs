namespace Octavo.Tools.Roofline;

/// <summary>Logarithmic axes of a panel: where a point of the plane lies in the picture.</summary>
/// <param name="Area">Of the panel's plane.</param>
/// <param name="LeastX">At its left edge.</param>
/// <param name="MostX">At its right edge.</param>
/// <param name="LeastY">At its lower edge.</param>
/// <param name="MostY">At its upper edge.</param>
internal sealed record Axes(Box Area, double LeastX, double MostX, double LeastY, double MostY)
{
    public double X(double value) => Area.Left + ((Area.Right - Area.Left) * Math.Log(value / LeastX) / Math.Log(MostX / LeastX));

    public double Y(double value) => Area.Bottom - ((Area.Bottom - Area.Top) * Math.Log(value / LeastY) / Math.Log(MostY / LeastY));

    /// <summary>1, 2 and 5 of each power of ten in a range.</summary>
    public static IEnumerable<double> Ticks(double least, double most)
    {
        for (var power = -3; power < 7; power++)
        {
            foreach (var digit in new[] { 1, 2, 5 })
            {
                var tick = digit * Math.Pow(10, power);
                if (tick >= least * 0.999 && tick <= most * 1.001)
                    yield return tick;
            }
        }
    }
}
