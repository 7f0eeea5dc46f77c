using System.Text;
using System.Text.Json;
using Octavo.Core;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>What keys and values look like.</summary>
internal enum KeyValueVariant
{
    /// <summary>Random UUIDs, as in Lost in the Middle (arXiv 2307.03172).</summary>
    Uuid,

    /// <summary>Short names of common words, for small models.</summary>
    Words,

    /// <summary>Keys as <see cref="Uuid"/>, values of eight texts that repeat: a context that can be summarized.</summary>
    Compressible,

    /// <summary>Keys in groups of four that differ in one character only.</summary>
    Hard,
}

/// <summary>
/// Key-value retrieval (the paper's Retr.KV): one JSON object of unique keys; each turn asks for the value of another key, drawn
/// from another depth. At 36 characters a pair takes 80, as in the released rows; the variants beside
/// <see cref="KeyValueVariant.Uuid"/> are our own.
/// </summary>
/// <param name="Variant">What keys and values look like.</param>
internal sealed record KeyValueTask(KeyValueVariant Variant = KeyValueVariant.Uuid) : SyntheticTask
{
    private const int Repeated = 8;
    private const int Group = 4;

    public override string Name => Variant == KeyValueVariant.Uuid ? "kv" : $"kv_{Variant.ToString().ToLowerInvariant()}";

    public override string Unit => "pairs";

    public override int MinSize(int turns) => Math.Max(2, turns);

    /// <summary>One of the different values that the context has.</summary>
    public override double Chance(SharedContext context) => 1.0 / Pairs(context).Select(pair => pair.Value).Distinct().Count();

    public override string? Problem(SharedContext context)
    {
        var pairs = Pairs(context);
        if (pairs.DistinctBy(pair => pair.Key).Count() != pairs.Count)
            return "a key is there twice.";
        foreach (var turn in context.Turns)
        {
            var values = pairs.Where(pair => turn.Input == Question(pair.Key)).Select(pair => pair.Value).ToList();
            if (values is not [var value] || value != turn.Answer.Said)
                return $"'{turn.Input}' has the values [{string.Join(", ", values)}] instead of '{turn.Answer.Said}'.";
        }
        return null;
    }

    /// <summary>The question for a key's value.</summary>
    public static string Question(string key) => $"Key: \"{key}\"\nThe value is:";

    protected override SharedContext Draw(SeededRandom random, int id, int size, int turns)
    {
        HashSet<string> known = [];
        var repeated = Enumerable.Range(0, Repeated).Select(_ => random.Uuid()).ToList();
        List<(string Key, string Value)> pairs = [];
        for (var i = 0; i < size; i++)
        {
            pairs.Add(Variant switch
            {
                KeyValueVariant.Words => (NewName(random, known), NewName(random, known)),
                KeyValueVariant.Compressible => (Draws.Unique(known, random.Uuid), repeated[i % Repeated]),
                KeyValueVariant.Hard when i % Group > 0 =>
                    (Draws.Unique(known, () => Changed(random, pairs[i - (i % Group)].Key)), Draws.Unique(known, random.Uuid)),
                _ => (Draws.Unique(known, random.Uuid), Draws.Unique(known, random.Uuid)),
            });
        }
        random.Shuffle(pairs);
        var asked = random.Depths(size, turns).Select(place => pairs[place]);
        return new SharedContext(id, Text(pairs), [.. asked.Select(pair => new ContextTurn(Question(pair.Key), GoldAnswer.Of(pair.Value)))]);
    }

    // names of two words run out; from a quarter of them on they have three
    private static string NewName(SeededRandom random, HashSet<string> known) =>
        Draws.Unique(known, () => Words.Name(random, 4 * known.Count < Words.Names(1) ? 1 : 2));

    // another hexadecimal digit in the last part, which no version or variant is written in
    private static string Changed(SeededRandom random, string key)
    {
        var at = random.Between(24, 35);
        return $"{key[..at]}{"0123456789abcdef"[random.Next(16)]}{key[(at + 1)..]}";
    }

    private static string Text(List<(string Key, string Value)> pairs)
    {
        var text = new StringBuilder("{");
        foreach (var (key, value) in pairs)
            text.Append(text.Length > 1 ? ", " : "").Append('"').Append(key).Append("\": \"").Append(value).Append('"');
        return text.Append('}').ToString();
    }

    private static List<(string Key, string Value)> Pairs(SharedContext context)
    {
        using var json = JsonDocument.Parse(context.Context);
        return [.. json.RootElement.EnumerateObject().Select(pair => (pair.Name, pair.Value.GetString()!))];
    }
}
