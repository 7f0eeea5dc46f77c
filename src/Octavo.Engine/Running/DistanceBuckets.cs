namespace Octavo.Engine.Running;

/// <summary>
/// Buckets of distances as T5's encoder and MPNet have them: half of them for keys before the query, half for those behind; of each half the
/// first half counts single distances, the rest logarithmic ranges up to the largest. Reference: transformers, relative_position_bucket.
/// </summary>
internal static class DistanceBuckets
{
    /// <summary>A table [buckets, heads] to one number per head and distance: [heads, 2·length − 1], distance −(length − 1) first.</summary>
    public static float[] Spread(float[] table, int heads, int maxDistance, int length)
    {
        var buckets = table.Length / heads;
        var width = (2 * length) - 1;
        var spread = new float[(long)heads * width];
        for (var i = 0; i < width; i++)
        {
            var bucket = Of(i - (length - 1), buckets, maxDistance);
            for (var head = 0; head < heads; head++)
                spread[((long)head * width) + i] = table[(bucket * heads) + head];
        }
        return spread;
    }

    /// <summary>The bucket of a key that lies so far behind its query (before it: negative).</summary>
    public static int Of(int distance, int buckets, int maxDistance)
    {
        var half = buckets / 2;
        var first = distance > 0 ? half : 0;
        var far = Math.Abs(distance);
        var exact = half / 2;
        if (far < exact)
            return first + far;
        // in single precision, as the reference does
        var range = exact + (int)(MathF.Log((float)far / exact) / MathF.Log((float)maxDistance / exact) * (half - exact));
        return first + Math.Min(range, half - 1);
    }
}
