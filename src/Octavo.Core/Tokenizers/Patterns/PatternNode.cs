using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>A part of a regular expression.</summary>
/// <param name="Least">The shortest that it can match, in code points.</param>
/// <param name="Most">The longest; <see cref="int.MaxValue"/> for any length.</param>
internal abstract record PatternNode(int Least, int Most)
{
    /// <summary>The sum of two lengths, of which either may be any.</summary>
    public static int Add(int left, int right) => (int)Math.Min((long)left + right, int.MaxValue);

    /// <summary>The product of a length and a count, of which either may be any.</summary>
    public static int Multiply(int length, int count) => (int)Math.Min((long)length * count, int.MaxValue);
}

/// <summary>One code point of a set.</summary>
internal sealed record SetNode(ScalarSet Set) : PatternNode(1, 1);

/// <summary>Parts one after another; none matches nothing.</summary>
internal sealed record SequenceNode(PatternNode[] Parts)
    : PatternNode(Parts.Aggregate(0, (sum, part) => Add(sum, part.Least)),
        Parts.Aggregate(0, (sum, part) => Add(sum, part.Most)));

/// <summary>The first of some parts that fits.</summary>
internal sealed record ChoiceNode(PatternNode[] Options)
    : PatternNode(Options.Min(option => option.Least), Options.Max(option => option.Most));

/// <summary>A part again and again.</summary>
/// <param name="Body">The part.</param>
/// <param name="From">How often at least.</param>
/// <param name="To">How often at most; <see cref="int.MaxValue"/> for any number.</param>
/// <param name="Kind">Which number is tried first.</param>
internal sealed record RepeatNode(PatternNode Body, int From, int To, RepeatKind Kind)
    : PatternNode(Multiply(Body.Least, From), Body.Most == 0 ? 0 : Multiply(Body.Most, To));

/// <summary>A condition on what comes next or came before; matches nothing itself.</summary>
internal sealed record LookNode(PatternNode Body, bool Behind, bool Negative) : PatternNode(0, 0);

/// <summary>A part that is not tried another way once it fits.</summary>
internal sealed record AtomicNode(PatternNode Body) : PatternNode(Body.Least, Body.Most);

/// <summary>A condition on the place.</summary>
internal sealed record AnchorNode(AnchorKind Kind) : PatternNode(0, 0);

/// <summary>Which number of repetitions is tried first.</summary>
internal enum RepeatKind
{
    /// <summary>As many as can be, then fewer.</summary>
    Greedy,

    /// <summary>As few as can be, then more.</summary>
    Lazy,

    /// <summary>As many as can be and no fewer.</summary>
    Possessive,
}

/// <summary>Conditions on a place.</summary>
internal enum AnchorKind
{
    /// <summary>The beginning of the text or of a line.</summary>
    LineStart,

    /// <summary>The end of the text or of a line.</summary>
    LineEnd,

    /// <summary>The beginning of the text.</summary>
    TextStart,

    /// <summary>The end of the text, or before a line feed that ends it.</summary>
    TextEndOrLineFeed,

    /// <summary>The end of the text.</summary>
    TextEnd,

    /// <summary>Where the search began.</summary>
    SearchStart,

    /// <summary>Between a word and what is none.</summary>
    WordBorder,

    /// <summary>Not between a word and what is none.</summary>
    NoWordBorder,
}
