namespace Octavo.Tools.Roofline;

/// <summary>A rectangle of the picture, in its units.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public static Box Around(double x, double y, double half) => new(x - half, y - half, x + half, y + half);

    public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Within(Box other) => Left >= other.Left && Right <= other.Right && Top >= other.Top && Bottom <= other.Bottom;

    /// <summary>Whether a straight line touches it: the part of the line between its left and right, and its top and bottom, is not empty.</summary>
    public bool Touches(double x0, double y0, double x1, double y1)
    {
        var (from, to) = (0.0, 1.0);
        foreach (var (start, step, least, most) in new[] { (x0, x1 - x0, Left, Right), (y0, y1 - y0, Top, Bottom) })
        {
            if (step == 0)
            {
                if (start <= least || start >= most)
                    return false;
                continue;
            }
            var (enter, leave) = ((least - start) / step, (most - start) / step);
            (from, to) = (Math.Max(from, Math.Min(enter, leave)), Math.Min(to, Math.Max(enter, leave)));
        }
        return from < to;
    }
}
