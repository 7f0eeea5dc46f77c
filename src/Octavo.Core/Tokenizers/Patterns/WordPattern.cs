using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Words, and runs of what is neither word nor white space.</summary>
internal sealed class WordPattern : TextPattern
{
    private static readonly ScalarSet _other = new ComplementSet(new UnionSet([ScalarSets.WordOrJoiner, ScalarSets.WhiteSpace]));

    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        for (var at = ScalarSets.WhiteSpace.RunEnd(text, 0); at < text.Length; at = ScalarSets.WhiteSpace.RunEnd(text, at))
        {
            var end = ScalarSets.WordOrJoiner.RunEnd(text, at);
            if (end == at)
                end = _other.RunEnd(text, at);
            matches.Add(new TextMatch(at, end));
            at = end;
        }
    }
}
