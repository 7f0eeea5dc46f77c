namespace Octavo.Engine.Kv;

/// <summary>What a method has the engine note while a prompt is read; nothing else of it can be had afterwards.</summary>
public readonly record struct KvNeeds
{
    /// <summary>The last so many queries, as they are when they meet the keys (after rotation).</summary>
    public int Queries { get; init; }

    /// <summary>For each query head and token the attention that it got from all tokens. Costs several times what the prompt does.</summary>
    public bool ColumnSums { get; init; }

    /// <summary>Mean and covariance of all queries before rotation, from this position on; null for none.</summary>
    public int? MomentsFrom { get; init; }

    /// <summary>
    /// All keys of the prompt before <see cref="KvMethod.Attend"/> is asked, and all queries. The prompt then runs layer by layer and is held
    /// whole: its residual stream, and of a layer its queries twice and its keys in fp32.
    /// </summary>
    public bool WholePrompt { get; init; }
}
