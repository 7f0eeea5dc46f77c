namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>What becomes of the occurrences of a pattern that a text is cut at.</summary>
internal enum SplitBehavior
{
    /// <summary>They are dropped.</summary>
    Removed,

    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>Each goes with what stands before it.</summary>
    MergedWithPrevious,

    /// <summary>Each goes with what comes after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring ones are one piece.</summary>
    Contiguous,
}
