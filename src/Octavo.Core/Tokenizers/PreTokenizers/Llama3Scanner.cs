namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>
/// The pattern of Llama 3 and, with numbers one by one, of Qwen 2: contractions in any case; letters with one mark or space
/// before; numbers in groups; marks with a space before and line ends after; white space up to its last line end; white space.
/// </summary>
internal sealed class Llama3Scanner(int numbersPerGroup) : Scanner
{
    /// <summary>Llama 3's pattern as files spell it: numbers in groups of three.</summary>
    public const string Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen 2's pattern as files spell it: each number alone.</summary>
    public const string Qwen2Pattern =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // Folds to s, so the reference's caseless pattern takes it for one.
    private const char LongS = '\u017F';

    public override int Next(ReadOnlySpan<char> text)
    {
        var first = Scalars.ClassAt(text, 0, out var length);
        if (first == ScalarClass.Letter)
            return Scalars.RunEnd(text, length, ScalarClass.Letter);
        if (first == ScalarClass.Number)
            return NumberGroup(text, length);
        if (text[0] == '\'' && Contraction(text) is > 0 and var contraction)
            return contraction;
        if (first != ScalarClass.LineEnd && length < text.Length)
        {
            var second = Scalars.ClassAt(text, length, out var secondLength);
            if (second == ScalarClass.Letter)
                return Scalars.RunEnd(text, length + secondLength, ScalarClass.Letter);
            if (second == ScalarClass.Other && text[0] == ' ')
                return MarksEnd(text, length + secondLength);
        }
        return first == ScalarClass.Other ? MarksEnd(text, length) : Space(text);
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
            return 0;
        var third = text.Length > 2 ? text[2] | 0x20 : 0;
        return text[1] == LongS ? 2 : (text[1] | 0x20) switch
        {
            's' or 't' or 'm' or 'd' => 2,
            'r' or 'v' when third == 'e' => 3,
            'l' when third == 'l' => 3,
            _ => 0,
        };
    }

    private static int MarksEnd(ReadOnlySpan<char> text, int index) =>
        Scalars.RunEnd(text, Scalars.RunEnd(text, index, ScalarClass.Other), ScalarClass.LineEnd);

    private static int Space(ReadOnlySpan<char> text)
    {
        var end = Scalars.SpaceEnd(text, 0);
        var lineEnd = text[..end].LastIndexOfAny('\r', '\n');
        return lineEnd >= 0 ? lineEnd + 1 : SpacesBeforeWord(end, text.Length);
    }

    private int NumberGroup(ReadOnlySpan<char> text, int end)
    {
        for (var count = 1; count < numbersPerGroup && end < text.Length; count++)
        {
            if (Scalars.ClassAt(text, end, out var length) != ScalarClass.Number)
                break;
            end += length;
        }
        return end;
    }
}
