namespace Octavo.Tools.Roofline;

/// <summary>Finds a place for each label: near its point, on no other label, point or line.</summary>
/// <param name="area">Labels stay within it.</param>
/// <param name="lines">Straight lines that labels avoid.</param>
internal sealed class Labels(Box area, IReadOnlyList<(double X0, double Y0, double X1, double Y1)> lines)
{
    private const double CharWidth = 6.6, Height = 12, MarkerHalf = 7;
    private const int Passes = 8;

    /// <summary>A label's box and the point that it belongs to.</summary>
    internal readonly record struct Place(Box Box, double X, double Y)
    {
        /// <summary>Where a leader from the point ends: the nearest place of the box.</summary>
        public (double X, double Y) End => (Math.Clamp(X, Box.Left, Box.Right), Math.Clamp(Y, Box.Top, Box.Bottom));

        public double Distance => Math.Sqrt(((End.X - X) * (End.X - X)) + ((End.Y - Y) * (End.Y - Y)));
    }

    public Place[] Find(IReadOnlyList<(double X, double Y, string Text)> points)
    {
        var places = new Place?[points.Count];
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var i = 0; i < points.Count; i++)
            {
                places[i] = null;
                places[i] = Candidates(points[i]).MinBy(place => Cost(place, i, points, places));
            }
        }
        return [.. places.Select(place => place!.Value)];
    }

    private static IEnumerable<Place> Candidates((double X, double Y, string Text) point)
    {
        var half = (point.Text.Length * CharWidth / 2) + 1;
        foreach (var gap in new[] { 8, 14, 22, 32, 44, 58, 74, 92 })
        {
            for (var turn = 0; turn < 24; turn++)
            {
                var (sin, cos) = Math.SinCos(turn * Math.PI / 12);
                var (x, y) = (point.X + (cos * (gap + half)), point.Y + (sin * (gap + (Height / 2))));
                yield return new Place(new Box(x - half, y - (Height / 2), x + half, y + (Height / 2)), point.X, point.Y);
            }
        }
    }

    private double Cost(Place place, int own, IReadOnlyList<(double X, double Y, string Text)> points, Place?[] places)
    {
        var (endX, endY) = place.End;
        var cost = place.Distance + (place.Box.Within(area) ? 0 : 10_000);
        for (var i = 0; i < points.Count; i++)
        {
            var marker = Box.Around(points[i].X, points[i].Y, MarkerHalf);
            cost += place.Box.Overlaps(marker) ? 2_000 : 0;
            if (i == own)
                continue;
            cost += marker.Touches(place.X, place.Y, endX, endY) ? 60 : 0;
            if (places[i] is not { } other)
                continue;
            cost += place.Box.Overlaps(other.Box) ? 2_000 : 0;
            cost += other.Box.Touches(place.X, place.Y, endX, endY) ? 400 : 0;
            cost += place.Box.Touches(other.X, other.Y, other.End.X, other.End.Y) ? 400 : 0;
            cost += Crosses(place, other) ? 200 : 0;
        }
        return cost + (300 * lines.Count(line => place.Box.Touches(line.X0, line.Y0, line.X1, line.Y1)));
    }

    /// <summary>Whether the leaders of two labels cross.</summary>
    private static bool Crosses(Place a, Place b)
    {
        static double Side(double x0, double y0, double x1, double y1, double x, double y) => ((x1 - x0) * (y - y0)) - ((y1 - y0) * (x - x0));
        var (p, q) = (a.End, b.End);
        return Side(a.X, a.Y, p.X, p.Y, b.X, b.Y) * Side(a.X, a.Y, p.X, p.Y, q.X, q.Y) < 0
            && Side(b.X, b.Y, q.X, q.Y, a.X, a.Y) * Side(b.X, b.Y, q.X, q.Y, p.X, p.Y) < 0;
    }
}
