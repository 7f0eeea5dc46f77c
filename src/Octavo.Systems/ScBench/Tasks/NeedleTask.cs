using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>
/// A mixture of needles: passkeys and key-value pairs hidden in the same text, asked for in turn. The paper mixes passkeys with summaries
/// (Mix.Sum+NIAH) and pairs with functions (Mix.RepoQA+KV); both other halves need real text, so this joins the two halves that do not.
/// As many needles as are asked for are hidden besides, which nobody asks for. Each turn says which of the two tasks it is.
/// </summary>
internal sealed partial record NeedleTask : SyntheticTask
{
    private const string Passkey = "scbench_passkey";
    private const string KeyValue = "scbench_kv";

    public override string Name => "needles";

    public override string Unit => "sentences";

    public override int MinSize(int turns) => 2 * turns;

    /// <summary>One of the needles of the kind that is asked for.</summary>
    public override double Chance(SharedContext context) =>
        context.Turns.Average(turn => 1.0 / (turn.Task == Passkey ? Keys() : Pairs()).Count(context.Context));

    public override string? Problem(SharedContext context)
    {
        foreach (var turn in context.Turns)
        {
            var isPasskey = turn.Task == Passkey;
            var found = (isPasskey ? Keys() : Pairs()).Matches(context.Context)
                .Where(needle => turn.Input == (isPasskey ? PasskeyQuestion(needle.Groups[1].Value) : KeyValueTask.Question(needle.Groups[1].Value)))
                .Select(needle => needle.Groups[2].Value).ToList();
            if (found is not [var value] || value != turn.Answer.Said)
                return $"'{turn.Input}' is answered by [{string.Join(", ", found)}] instead of '{turn.Answer.Said}'.";
        }
        return null;
    }

    protected override SharedContext Draw(SeededRandom random, int id, int size, int turns)
    {
        HashSet<string> known = [];
        List<(string Text, ContextTurn Turn)> needles = [];
        // those that are asked for, then as many of the same kinds
        for (var i = 0; i < 2 * turns; i++)
            needles.Add(i % turns % 2 == 0 ? NewPasskey(random, known) : NewPair(random, known));
        var asked = needles.Take(turns).Select(needle => needle.Turn).ToList();
        random.Shuffle(needles);
        var sentences = Enumerable.Range(0, size).Select(_ => Haystack.Sentence(random)).ToList();
        return new SharedContext(id, Haystack.Hide(random, [.. needles.Select(needle => needle.Text)], sentences), asked);
    }

    private static (string Text, ContextTurn Turn) NewPasskey(SeededRandom random, HashSet<string> known)
    {
        var name = Draws.Unique(known, () => Words.Name(random)).Replace('-', ' ');
        var key = Draws.Unique(known, () => random.Between(10_000, 99_999).ToString(CultureInfo.InvariantCulture));
        return ($"The passkey of the {name} is {key}.", new ContextTurn(PasskeyQuestion(name), GoldAnswer.Of(key)) { Task = Passkey });
    }

    private static (string Text, ContextTurn Turn) NewPair(SeededRandom random, HashSet<string> known)
    {
        var (key, value) = (Draws.Unique(known, () => Words.Name(random)), random.Uuid());
        return ($"\"{key}\": \"{value}\".", new ContextTurn(KeyValueTask.Question(key), GoldAnswer.Of(value)) { Task = KeyValue });
    }

    private static string PasskeyQuestion(string name) => $"What is the passkey of the {name}? The passkey is";

    [GeneratedRegex(@"The passkey of the ([a-z]+ [a-z]+) is (\d{5})\.")]
    private static partial Regex Keys();

    [GeneratedRegex("\"([a-z]+-[a-z]+)\": \"([0-9a-f-]{36})\"\\.")]
    private static partial Regex Pairs();
}
