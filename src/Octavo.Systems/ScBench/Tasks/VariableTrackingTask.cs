using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>
/// Variable tracking (the paper's Retr.MultiHop, from RULER, arXiv 2404.06654): in noise there are chains of assignments, the first
/// of a value of five digits, each further one of the variable before. A turn names a value and asks for all variables that hold
/// it. There are as many chains as turns, so that each turn has another value; the released rows have two chains and do not say how
/// five turns share them.
/// </summary>
internal sealed partial record VariableTrackingTask : SyntheticTask
{
    private const int NameLength = 5;

    /// <summary>How many assignments follow the first of a chain; the paper has 2.</summary>
    public int Hops { get; init; } = 2;

    public override string Name => "vt";

    public override string Unit => "sentences";

    public override int MinSize(int turns) => (Hops + 1) * Chains(turns);

    /// <summary>The share of the right variables among as many that are drawn from all.</summary>
    public override double Chance(SharedContext context)
    {
        var all = Assigned().Count(context.Context);
        return context.Turns.Average(turn => (double)turn.Answer.Texts.Count / all);
    }

    public override string? Problem(SharedContext context)
    {
        Dictionary<string, string> values = [];
        List<string> names = [];
        foreach (Match assignment in Assigned().Matches(context.Context))
        {
            var (name, source) = (assignment.Groups[1].Value, assignment.Groups[2].Value);
            var value = source.StartsWith("VAR ", StringComparison.Ordinal) ? values.GetValueOrDefault(source["VAR ".Length..]) : source;
            if (value is null)
                return $"{name} is assigned from a variable that has no value yet.";
            if (!values.TryAdd(name, value))
                return $"{name} is assigned twice.";
            names.Add(name);
        }
        foreach (var turn in context.Turns)
        {
            var value = Digits().Match(turn.Input).Value;
            var holders = names.Where(name => values[name] == value).ToList();
            if (!holders.SequenceEqual(turn.Answer.Texts) || holders.Count != Hops + 1)
                return $"'{turn.Input}' is answered by [{string.Join(", ", holders)}] instead of [{turn.Answer.Said}].";
        }
        return null;
    }

    protected override SharedContext Draw(SeededRandom random, int id, int size, int turns)
    {
        HashSet<string> known = [];
        List<(string Value, string[] Names)> chains = [];
        for (var chain = 0; chain < Chains(turns); chain++)
        {
            var value = Draws.Unique(known, () => random.Between(10_000, 99_999).ToString(CultureInfo.InvariantCulture));
            chains.Add((value, [.. Enumerable.Range(0, Hops + 1).Select(_ => Draws.Unique(known, () => random.Capitals(NameLength)))]));
        }
        var sentences = Enumerable.Range(0, size).Select(i => Haystack.Noise[i % Haystack.Noise.Count]).ToList();
        var text = Haystack.Hide(random, Lines(random, chains), sentences);
        var asked = random.Depths(chains.Count, turns).Select(at => chains[at]);
        return new SharedContext(id, text, [.. asked.Select(chain => new ContextTurn(Question(chain.Value), GoldAnswer.OfList(chain.Names)))]);
    }

    private static string Question(string value) =>
        $"Some variables hold the value {value}, because it or a variable that holds it was assigned to them. Name all of them. They are:";

    // chains are mixed, but each keeps its order
    private static List<string> Lines(SeededRandom random, List<(string Value, string[] Names)> chains)
    {
        List<int> order = [.. Enumerable.Range(0, chains.Count).SelectMany(chain => Enumerable.Repeat(chain, chains[chain].Names.Length))];
        random.Shuffle(order);
        var next = new int[chains.Count];
        List<string> lines = [];
        foreach (var chain in order)
        {
            var (value, names) = chains[chain];
            var at = next[chain]++;
            lines.Add($"VAR {names[at]} = {(at == 0 ? value : $"VAR {names[at - 1]}")}.");
        }
        return lines;
    }

    // one chain alone would leave nothing to confuse it with
    private static int Chains(int turns) => Math.Max(2, turns);

    [GeneratedRegex(@"VAR ([A-Z]{5}) = (\d{5}|VAR [A-Z]{5})\.")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"\d{5}")]
    private static partial Regex Digits();
}
