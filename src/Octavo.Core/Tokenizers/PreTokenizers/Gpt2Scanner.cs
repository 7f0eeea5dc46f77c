namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>The pattern of GPT-2: contractions in small letters; letters, numbers or marks, each with one space before; white
/// space.</summary>
internal sealed class Gpt2Scanner : Scanner
{
    /// <summary>The pattern as files spell it.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public override int Next(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && Contraction(text) is > 0 and var contraction)
            return contraction;
        var start = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = Scalars.ClassAt(text, start, out var length);
        return kind < ScalarClass.Space
            ? Scalars.RunEnd(text, start + length, kind)
            : SpacesBeforeWord(Scalars.SpaceEnd(text, 0), text.Length);
    }

    private static int Contraction(ReadOnlySpan<char> text) => text.Length < 2 ? 0 : text[1] switch
    {
        's' or 't' or 'm' or 'd' => 2,
        'r' or 'v' when text.Length > 2 && text[2] == 'e' => 3,
        'l' when text.Length > 2 && text[2] == 'l' => 3,
        _ => 0,
    };
}
