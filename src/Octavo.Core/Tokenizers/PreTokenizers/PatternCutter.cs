using Octavo.Core.Tokenizers.Patterns;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Cuts a text at the occurrences of a pattern.</summary>
/// <param name="pattern">What to look for.</param>
/// <param name="behavior">What becomes of the occurrences.</param>
/// <param name="invert">Whether what lies between the occurrences is taken for them.</param>
internal sealed class PatternCutter(TextPattern pattern, SplitBehavior behavior, bool invert = false) : Cutter
{
    public override void Cut(ReadOnlySpan<char> text, List<TextCut> cuts)
    {
        var matches = new List<TextMatch>(text.Length / 4 + 4);
        pattern.Find(text, matches);
        if (behavior is SplitBehavior.Removed or SplitBehavior.Isolated)
        {
            KeepEach(matches, text.Length, cuts);
            return;
        }
        var parts = Parts(matches, text.Length);
        switch (behavior)
        {
            case SplitBehavior.Contiguous:
                Join(parts, cuts, static (match, before) => match == before);
                break;
            case SplitBehavior.MergedWithPrevious:
                Join(parts, cuts, static (match, before) => match && !before);
                break;
            default:
                JoinWithNext(parts, cuts);
                break;
        }
    }

    private void KeepEach(List<TextMatch> matches, int length, List<TextCut> cuts)
    {
        var keepsMatches = behavior == SplitBehavior.Isolated || invert;
        var keepsRest = behavior == SplitBehavior.Isolated || !invert;
        var end = 0;
        foreach (var match in matches)
        {
            if (keepsRest)
                Keep(end, match.Start, cuts);
            if (keepsMatches)
                Keep(match.Start, match.End, cuts);
            end = match.End;
        }
        if (keepsRest)
            Keep(end, length, cuts);
    }

    private static void Keep(int start, int end, List<TextCut> cuts)
    {
        if (end > start)
            cuts.Add(new TextCut(start, end));
    }

    // The whole text as occurrences and what lies between; occurrences of nothing count for which neighbours join.
    private List<Part> Parts(List<TextMatch> matches, int length)
    {
        var parts = new List<Part>(matches.Count * 2 + 1);
        var end = 0;
        foreach (var match in matches)
        {
            if (match.Start > end)
                parts.Add(new Part(end, match.Start, invert));
            parts.Add(new Part(match.Start, match.End, !invert));
            end = match.End;
        }
        if (end < length)
            parts.Add(new Part(end, length, invert));
        return parts;
    }

    private static void Join(List<Part> parts, List<TextCut> cuts, Func<bool, bool, bool> joins)
    {
        var (start, end, before) = (0, 0, false);
        foreach (var part in parts)
        {
            if (!joins(part.IsMatch, before))
            {
                Keep(start, end, cuts);
                start = part.Start;
            }
            end = part.End;
            before = part.IsMatch;
        }
        Keep(start, end, cuts);
    }

    private static void JoinWithNext(List<Part> parts, List<TextCut> cuts)
    {
        var first = cuts.Count;
        var last = parts.Count > 0 ? parts[^1].End : 0;
        var (start, end, after) = (last, last, false);
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var part = parts[i];
            if (!part.IsMatch || after)
            {
                Keep(start, end, cuts);
                end = part.End;
            }
            start = part.Start;
            after = part.IsMatch;
        }
        Keep(start, end, cuts);
        cuts.Reverse(first, cuts.Count - first);
    }

    private readonly record struct Part(int Start, int End, bool IsMatch);
}
