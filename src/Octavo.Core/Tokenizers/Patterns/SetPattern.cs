using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Each code point of a set by itself.</summary>
internal sealed class SetPattern(ScalarSet set) : TextPattern
{
    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        for (var at = set.Next(text, 0); at < text.Length; at = set.Next(text, at))
        {
            Scalars.At(text, at, out var length);
            matches.Add(new TextMatch(at, at + length));
            at += length;
        }
    }
}
