namespace Octavo.Engine.Kv;

/// <summary>Choices by score.</summary>
internal static class Best
{
    /// <summary>The indices of the highest scores, ascending; of equal ones the last, which is the most recent.</summary>
    /// <param name="scores">At least as many as are kept.</param>
    /// <param name="keep">How many.</param>
    public static int[] Of(ReadOnlySpan<float> scores, int keep)
    {
        var order = Order(scores);
        var kept = order[..Math.Min(keep, order.Length)];
        Array.Sort(kept);
        return kept;
    }

    /// <summary>All indices, the highest score first; of equal ones the last.</summary>
    public static int[] Order(ReadOnlySpan<float> scores)
    {
        var order = new int[scores.Length];
        var keys = new (float Score, int Index)[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = (-scores[i], -i);
        }
        Array.Sort(keys, order);
        return order;
    }
}
