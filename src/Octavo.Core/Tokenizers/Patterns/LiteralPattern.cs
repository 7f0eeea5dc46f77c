namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>A text, letter for letter.</summary>
/// <param name="literal">The text, not empty.</param>
internal sealed class LiteralPattern(string literal) : TextPattern
{
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        for (var from = 0; text[from..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var step;)
        {
            matches.Add(new TextMatch(from + step, from + step + literal.Length));
            from += step + literal.Length;
        }
    }
}
