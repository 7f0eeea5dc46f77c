using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>One step of a compiled pattern.</summary>
/// <param name="Code">What is done.</param>
/// <param name="First">A place in the program, a least count, a register, or an anchor's kind.</param>
/// <param name="Second">A place in the program, or a largest count.</param>
/// <param name="Set">The code points concerned.</param>
internal readonly record struct PatternInstruction(PatternCode Code, int First = 0, int Second = 0, ScalarSet? Set = null)
{
    /// <summary>The code points with which the second way can begin; null where it can match nothing.</summary>
    public ScalarSet? Other { get; init; }

    /// <summary>Which number of repetitions is tried first; for a look, whether it has to fail.</summary>
    public RepeatKind Kind { get; init; }

    /// <summary>For a look behind: how many code points back it may begin, from the fewest to the most.</summary>
    public (int Least, int Most)? Behind { get; init; }

    /// <summary>For a look: whether it has to fail.</summary>
    public bool Negative { get; init; }
}

/// <summary>What a step does.</summary>
internal enum PatternCode : byte
{
    /// <summary>The pattern matches.</summary>
    Accept,

    /// <summary>Takes a code point of the set.</summary>
    Take,

    /// <summary>Takes as many code points of the set as the kind says.</summary>
    Loop,

    /// <summary>Goes on at the first place and, where that fails, at the second.</summary>
    Fork,

    /// <summary>Goes on at the first place.</summary>
    Jump,

    /// <summary>Notes the place in a register.</summary>
    Mark,

    /// <summary>Goes on at the second place where the register's place is this one.</summary>
    Stuck,

    /// <summary>Matches what follows as a whole, then goes on at the first place.</summary>
    Atomic,

    /// <summary>Looks whether what follows matches, then goes on at the first place.</summary>
    Look,

    /// <summary>Goes on where a condition on the place holds.</summary>
    Anchor,
}
