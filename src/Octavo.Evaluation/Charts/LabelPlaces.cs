namespace Octavo.Evaluation.Charts;

/// <summary>A box in a picture; upright goes downwards.</summary>
internal readonly record struct LabelBox(double Left, double Top, double Right, double Bottom)
{
    /// <summary>How much area two boxes share.</summary>
    public double Overlap(LabelBox other) =>
        Math.Max(0, Math.Min(Right, other.Right) - Math.Max(Left, other.Left)) * Math.Max(0, Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top));
}

/// <summary>Where a label went.</summary>
/// <param name="Box">Its room.</param>
/// <param name="IsFar">Whether a line has to lead to its point.</param>
/// <param name="NearX">The point of the box that is next to its point.</param>
/// <param name="NearY">The same.</param>
internal readonly record struct PlacedLabel(LabelBox Box, bool IsFar, double NearX, double NearY);

/// <summary>Finds room for names of points: beside their point if it is free, else further away; never over one another while there is room, and rather on a line than far away.</summary>
/// <param name="area">Within which they stay.</param>
/// <param name="points">All points; no name covers one.</param>
/// <param name="radius">Of a point.</param>
/// <param name="others">What else no name should lie on.</param>
internal sealed class LabelPlaces(LabelBox area, IReadOnlyList<(double X, double Y)> points, double radius, IEnumerable<LabelBox> others)
{
    private const double Height = 15, Covered = 100, Away = 0.5;

    // right, left, above, below, then askew
    private static readonly (double X, double Y)[] _ways = [(1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7)];
    private static readonly double[] _distances = [3, 14, 26, 40, 56, 74];

    private readonly List<LabelBox> _taken = [.. points.Select(point => new LabelBox(point.X - radius, point.Y - radius, point.X + radius, point.Y + radius))];
    private readonly List<LabelBox> _others = [.. others];

    /// <summary>Takes room for a name.</summary>
    public PlacedLabel Place(double x, double y, double width)
    {
        var best = (Box: default(LabelBox), Distance: 0.0, Cost: double.PositiveInfinity);
        foreach (var distance in _distances)
        {
            foreach (var way in _ways)
            {
                var box = BoxAt(x + (way.X * (radius + distance)), y + (way.Y * (radius + distance)), way, width);
                // rounded: a rest of arithmetic is no overlap
                var covered = Math.Round(_taken.Sum(box.Overlap) + (width * Height) - box.Overlap(area), 6);
                var cost = (Covered * covered) + _others.Sum(box.Overlap) + (Away * distance);
                if (cost < best.Cost)
                    best = (box, distance, cost);
            }
        }
        _taken.Add(best.Box);
        return new PlacedLabel(best.Box, best.Distance > _distances[0], Math.Clamp(x, best.Box.Left, best.Box.Right), Math.Clamp(y, best.Box.Top, best.Box.Bottom));
    }

    private static LabelBox BoxAt(double x, double y, (double X, double Y) way, double width)
    {
        var left = way.X > 0 ? x : way.X < 0 ? x - width : x - (width / 2);
        var top = way.Y > 0 ? y : way.Y < 0 ? y - Height : y - (Height / 2);
        return new LabelBox(left, top, left + width, top + Height);
    }
}
