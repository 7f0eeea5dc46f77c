namespace Octavo.Training.Data.Chats;

/// <summary>How texts become examples.</summary>
internal sealed record EncodingOptions
{
    /// <summary>Which of the assistant's turns are learned.</summary>
    public LearnedTurns Turns { get; init; } = LearnedTurns.All;

    /// <summary>The most tokens of an example; null: there is no limit.</summary>
    public int? MaxLength { get; init; }

    /// <summary>What is done with an example that is longer.</summary>
    public LengthPolicy TooLong { get; init; } = LengthPolicy.Truncate;
}

/// <summary>Which of the assistant's turns are learned.</summary>
internal enum LearnedTurns
{
    /// <summary>Each of them.</summary>
    All,

    /// <summary>The last one.</summary>
    Last,
}

/// <summary>What is done with an example that is too long.</summary>
internal enum LengthPolicy
{
    /// <summary>Its end is cut off, and that is counted.</summary>
    Truncate,

    /// <summary>It is left out, and that is counted.</summary>
    Drop,

    /// <summary>It is an error.</summary>
    Refuse,
}
