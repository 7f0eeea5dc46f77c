namespace Octavo.Evaluation.Charts;

/// <summary>Thins a curve to what a picture of a width can show.</summary>
internal static class Decimation
{
    /// <summary>
    /// Of each of <paramref name="columns"/> strips of equal width the first, lowest, highest and last point, in order; a strip with gaps
    /// only becomes one gap. A curve with fewer points stays as it is.
    /// </summary>
    public static IReadOnlyList<ChartPoint> Apply(IReadOnlyList<ChartPoint> points, int columns)
    {
        if (points.Count <= 4 * columns)
            return points;
        List<ChartPoint> kept = [];
        var (left, width) = (points[0].X, (points[^1].X - points[0].X) / columns);
        for (int start = 0, end; start < points.Count; start = end)
        {
            var column = Column(points[start]);
            for (end = start + 1; end < points.Count && Column(points[end]) == column; end++)
            {
            }
            Keep(points, start, end, kept);
        }
        return kept;

        int Column(ChartPoint point) => width > 0 ? Math.Min(columns - 1, (int)((point.X - left) / width)) : 0;
    }

    private static void Keep(IReadOnlyList<ChartPoint> points, int start, int end, List<ChartPoint> kept)
    {
        var (first, lowest, highest, last) = (-1, -1, -1, -1);
        for (var i = start; i < end; i++)
        {
            var y = points[i].Y;
            if (!double.IsFinite(y))
                continue;
            first = first < 0 ? i : first;
            lowest = lowest < 0 || y < points[lowest].Y ? i : lowest;
            highest = highest < 0 || y > points[highest].Y ? i : highest;
            last = i;
        }
        if (first < 0)
        {
            kept.Add(points[start] with { Y = double.NaN });
            return;
        }
        foreach (var i in new[] { first, Math.Min(lowest, highest), Math.Max(lowest, highest), last }.Distinct())
            kept.Add(points[i]);
    }
}
