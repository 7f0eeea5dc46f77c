using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>
/// Prefix-suffix retrieval (the paper's Retr.Prefix-Suffix): a list of random strings; each turn asks for the one with a given
/// beginning and a given end, and some other string has only that beginning, another only that end. The paper's "[65,123)" is the
/// range of character codes, which the size of the released rows shows; the backslash is left out here, so that the list is plain JSON.
/// </summary>
internal sealed partial record PrefixSuffixTask : SyntheticTask
{
    private const int Shortest = 20, Longest = 30;
    private const int ShortestEnd = 4, LongestEnd = 6;

    private static readonly char[] _letters = [.. Enumerable.Range('A', 'z' - 'A' + 1).Select(code => (char)code).Where(letter => letter != '\\')];

    public override string Name => "prefix_suffix";

    public override string Unit => "strings";

    public override int MinSize(int turns) => 3 * turns;

    /// <summary>One of the strings.</summary>
    public override double Chance(SharedContext context) => 1.0 / Strings(context).Count;

    public override string? Problem(SharedContext context)
    {
        var strings = Strings(context);
        foreach (var turn in context.Turns)
        {
            var match = Asked().Match(turn.Input);
            var (prefix, suffix) = (match.Groups[1].Value, match.Groups[2].Value);
            var (begin, end) = (strings.Where(text => Begins(text, prefix)).ToList(), strings.Where(text => Ends(text, suffix)).ToList());
            var both = begin.Intersect(end).ToList();
            if (both is not [var found] || found != turn.Answer.Said)
                return $"'{turn.Input}' is answered by [{string.Join(", ", both)}] instead of '{turn.Answer.Said}'.";
            if (begin.Count < 2 || end.Count < 2)
                return $"'{turn.Input}' has no other string with that beginning or with that end.";
        }
        return strings.Distinct().Count() == strings.Count ? null : "a string is there twice.";
    }

    protected override SharedContext Draw(SeededRandom random, int id, int size, int turns)
    {
        HashSet<string> known = [];
        List<(string Text, string Prefix, string Suffix)> asked = [];
        List<string> strings = [];
        // a string that no question so far is about
        bool IsFree(string text) => asked.All(other => !Begins(text, other.Prefix) && !Ends(text, other.Suffix));
        string Free() => Draws.Unique(known, () => DrawUntil(() => Letters(random), IsFree));
        for (var turn = 0; turn < turns; turn++)
        {
            var text = Free();
            asked.Add((text, text[..random.Between(ShortestEnd, LongestEnd)], text[^random.Between(ShortestEnd, LongestEnd)..]));
            strings.Add(text);
        }
        foreach (var (_, prefix, suffix) in asked)
        {
            strings.Add(Twin(Free, known, text => string.Concat(prefix, text.AsSpan(prefix.Length)), text => !Ends(text, suffix)));
            strings.Add(Twin(Free, known, text => string.Concat(text.AsSpan(0, text.Length - suffix.Length), suffix), text => !Begins(text, prefix)));
        }
        while (strings.Count < size)
            strings.Add(Free());
        random.Shuffle(strings);
        return new SharedContext(id, $"[{string.Join(", ", strings.Select(text => $"\"{text}\""))}]",
            [.. asked.Select(question => new ContextTurn(Question(question.Prefix, question.Suffix), GoldAnswer.Of(question.Text)))]);
    }

    private static string Question(string prefix, string suffix) =>
        $"Exactly one string in the list begins with \"{prefix}\" and ends with \"{suffix}\". The string is:";

    private static string Twin(Func<string> draw, HashSet<string> known, Func<string, string> change, Func<string, bool> fits) =>
        Draws.Unique(known, () => DrawUntil(() => change(draw()), fits));

    private static string DrawUntil(Func<string> draw, Func<string, bool> fits)
    {
        string text;
        do
            text = draw();
        while (!fits(text));
        return text;
    }

    private static string Letters(SeededRandom random) =>
        string.Concat(Enumerable.Range(0, random.Between(Shortest, Longest)).Select(_ => random.Pick(_letters)));

    private static bool Begins(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal);

    private static bool Ends(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal);

    private static List<string> Strings(SharedContext context) => JsonSerializer.Deserialize<List<string>>(context.Context)!;

    [GeneratedRegex("begins with \"(.+?)\" and ends with \"(.+?)\"")]
    private static partial Regex Asked();
}
