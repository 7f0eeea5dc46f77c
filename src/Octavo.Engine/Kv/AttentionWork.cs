namespace Octavo.Engine.Kv;

/// <summary>
/// What a sequence's attention has computed so far, over all layers and query heads. What a method computes to choose, such as the bounds of
/// pages, is not in it.
/// </summary>
/// <param name="Scores">Products of a query and a key that a row read.</param>
/// <param name="AllScores">How many there would be if each row had read every token up to itself.</param>
/// <param name="Operations">Multiplications and additions of these scores and of the sums of values: 4 times the head's width each.</param>
public readonly record struct AttentionWork(long Scores, long AllScores, long Operations)
{
    /// <summary>Both together.</summary>
    public static AttentionWork operator +(AttentionWork one, AttentionWork other) => one.Add(other);

    /// <summary>What came since another time.</summary>
    public static AttentionWork operator -(AttentionWork now, AttentionWork before) => now.Subtract(before);

    /// <summary>Both together.</summary>
    public AttentionWork Add(AttentionWork other) => new(Scores + other.Scores, AllScores + other.AllScores, Operations + other.Operations);

    /// <summary>What came since another time.</summary>
    public AttentionWork Subtract(AttentionWork before) => new(Scores - before.Scores, AllScores - before.AllScores, Operations - before.Operations);
}
