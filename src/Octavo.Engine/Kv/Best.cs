namespace Octavo.Engine.Kv;

/// <summary>Choices by score.</summary>
internal static class Best
{
    /// <summary>The indices of the highest scores, ascending; of equal ones the last, which is the most recent.</summary>
    /// <param name="scores">Any number.</param>
    /// <param name="keep">How many.</param>
    public static int[] Of(ReadOnlySpan<float> scores, int keep)
    {
        var ranked = new (float Score, int Index)[scores.Length];
        for (var i = 0; i < ranked.Length; i++)
            ranked[i] = (-scores[i], -i);
        Array.Sort(ranked);
        var kept = new int[Math.Min(keep, ranked.Length)];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = -ranked[i].Index;
        Array.Sort(kept);
        return kept;
    }
}
