using Octavo.Models;

namespace Octavo.Engine;

/// <summary>Pools the rows of a text.</summary>
public static class Pool
{
    /// <summary>Pools [tokens, width] to [width].</summary>
    /// <param name="rows">[tokens, width]</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="pooling">How.</param>
    /// <param name="normalize">Whether the result has unit length.</param>
    public static float[] Rows(ReadOnlySpan<float> rows, int width, Pooling pooling, bool normalize)
    {
        var tokens = rows.Length / width;
        var pooled = new float[width];
        switch (pooling)
        {
            case Pooling.Cls:
                rows[..width].CopyTo(pooled);
                break;
            case Pooling.Last:
                rows[^width..].CopyTo(pooled);
                break;
            default:
                for (var i = 0; i < width; i++)
                    pooled[i] = pooling == Pooling.Max ? Largest(rows, i, width) : (float)(Sum(rows, i, width) / tokens);
                break;
        }
        if (normalize)
            Normalize(pooled);
        return pooled;
    }

    private static double Sum(ReadOnlySpan<float> rows, int column, int width)
    {
        var sum = 0.0;
        for (var at = column; at < rows.Length; at += width)
            sum += rows[at];
        return sum;
    }

    private static float Largest(ReadOnlySpan<float> rows, int column, int width)
    {
        var largest = rows[column];
        for (var at = column + width; at < rows.Length; at += width)
            largest = MathF.Max(largest, rows[at]);
        return largest;
    }

    // a length of zero stays zero
    private static void Normalize(Span<float> row)
    {
        var squares = 0.0;
        foreach (var number in row)
            squares += (double)number * number;
        var factor = (float)(1 / Math.Max(Math.Sqrt(squares), 1e-12));
        for (var i = 0; i < row.Length; i++)
            row[i] *= factor;
    }
}
