namespace Octavo.Tools.Roofline;

/// <summary>A rectangle of the picture, in its units.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public static Box Around(double x, double y, double half) => new(x - half, y - half, x + half, y + half);

    public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Within(Box other) => Left >= other.Left && Right <= other.Right && Top >= other.Top && Bottom <= other.Bottom;

    /// <summary>Whether a straight line touches it, looked at in 24 places.</summary>
    public bool Touches(double x0, double y0, double x1, double y1)
    {
        for (var i = 0; i <= 24; i++)
        {
            var (x, y) = (x0 + ((x1 - x0) * i / 24), y0 + ((y1 - y0) * i / 24));
            if (x > Left && x < Right && y > Top && y < Bottom)
                return true;
        }
        return false;
    }
}
