using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Reads through the text of a regular expression.</summary>
/// <param name="pattern">The expression.</param>
/// <param name="place">File and place, for messages.</param>
internal sealed class PatternReader(string pattern, string place)
{
    public int Position { get; private set; }

    public bool IsAtEnd => Position == pattern.Length;

    /// <summary>The next unit, or U+0000 at the end.</summary>
    public char Peek => Position < pattern.Length ? pattern[Position] : '\0';

    /// <summary>Whether a text comes next.</summary>
    public bool Is(string text) => string.CompareOrdinal(pattern, Position, text, 0, text.Length) == 0;

    /// <summary>Takes a text where it comes next.</summary>
    public bool Take(string text)
    {
        if (!Is(text))
            return false;
        Position += text.Length;
        return true;
    }

    /// <summary>Takes the next code point.</summary>
    public int TakeScalar()
    {
        if (IsAtEnd)
            throw Broken("ends too early");
        var scalar = Scalars.At(pattern, Position, out var length);
        Position += length;
        return scalar;
    }

    /// <summary>Takes what comes before a text, and the text.</summary>
    public string TakeUntil(string end)
    {
        var found = pattern.IndexOf(end, Position, StringComparison.Ordinal);
        if (found < 0)
            throw Broken($"lacks '{end}' after place {Position}");
        var taken = pattern[Position..found];
        Position = found + end.Length;
        return taken;
    }

    /// <summary>Takes digits.</summary>
    /// <returns>The number, or null where no digit comes next.</returns>
    public int? TakeNumber(int radix, int mostDigits)
    {
        var start = Position;
        long value = 0;
        while (Position < pattern.Length && Position - start < mostDigits && Digit(pattern[Position]) is >= 0 and var digit
            && digit < radix)
        {
            value = value * radix + digit;
            Position++;
        }
        return Position == start ? null : value <= int.MaxValue ? (int)value : throw Broken("has a number that is too large");
    }

    /// <summary>Goes back to an earlier place.</summary>
    public void Return(int position) => Position = position;

    /// <summary>The error that the expression is not one.</summary>
    public InputFileException Broken(string what) =>
        new($"{place}: the pattern '{pattern}' {what}. The file is damaged; download it again.");

    /// <summary>The error that the expression says something that is not supported.</summary>
    public UnsupportedException Unsupported(string what) => new(
        $"{place}: the pattern '{pattern}' has {what}, which is not supported. Supported: " +
        "sets, categories, scripts, groups, choices, repetitions, look-around, atomic groups and anchors.");

    private static int Digit(char unit) => unit switch
    {
        >= '0' and <= '9' => unit - '0',
        >= 'a' and <= 'f' => unit - 'a' + 10,
        >= 'A' and <= 'F' => unit - 'A' + 10,
        _ => -1,
    };
}
