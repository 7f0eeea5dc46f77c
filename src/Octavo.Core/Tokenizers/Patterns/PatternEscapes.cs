using System.Text;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>What a backslash makes of the letter after it.</summary>
internal static class PatternEscapes
{
    private static readonly ScalarSet _hexDigits = new RangeSet([('0', '9'), ('A', 'F'), ('a', 'f')]);

    /// <summary>Takes the name of a set: <c>d w s h</c>, in capitals for what is outside, or <c>p{…}</c>.</summary>
    /// <returns>The set, or null where something else comes next.</returns>
    public static ScalarSet? TakeSet(PatternReader reader)
    {
        ScalarSet? named = reader.Peek switch
        {
            'd' or 'D' => ScalarSets.Digits,
            'w' or 'W' => ScalarSets.Word,
            's' or 'S' => ScalarSets.WhiteSpace,
            'h' or 'H' => _hexDigits,
            _ => null,
        };
        if (named is not null)
            return char.IsUpper((char)reader.TakeScalar()) ? new ComplementSet(named) : named;
        var outside = reader.Is("P{");
        return reader.Take("p{") || reader.Take("P{") ? Property(reader, outside) : null;
    }

    /// <summary>Takes one code point: a control letter, a number, or a mark that stands for itself.</summary>
    public static int TakeScalar(PatternReader reader)
    {
        var letter = reader.TakeScalar();
        return letter switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => '\e',
            'x' => Hex(reader),
            'u' => Valid(reader, reader.TakeNumber(16, 4)),
            '0' => Valid(reader, reader.TakeNumber(8, 2) ?? 0),
            _ when letter < 0x80 && char.IsAsciiLetterOrDigit((char)letter) => throw reader.Unsupported($"'\\{(char)letter}'"),
            _ => letter,
        };
    }

    private static int Hex(PatternReader reader)
    {
        if (!reader.Take("{"))
            return Valid(reader, reader.TakeNumber(16, 2));
        var value = Valid(reader, reader.TakeNumber(16, 8));
        return reader.Take("}") ? value : throw reader.Broken("has '\\x{' without '}'");
    }

    private static int Valid(PatternReader reader, int? value) =>
        value is { } scalar && Rune.IsValid(scalar) ? scalar : throw reader.Broken("names a code point that is none");

    private static ScalarSet Property(PatternReader reader, bool outside)
    {
        var name = reader.TakeUntil("}");
        if (name.StartsWith('^'))
        {
            name = name[1..];
            outside = !outside;
        }
        var set = UnicodeProperties.Set(name) ?? throw reader.Unsupported($"the property '{name}'");
        return outside ? new ComplementSet(set) : set;
    }
}
