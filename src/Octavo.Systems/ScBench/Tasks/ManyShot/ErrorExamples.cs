using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks.ManyShot;

/// <summary>
/// Which part of a sentence does not agree with a record: stands in for salient translation error detection of BIG-Bench Hard
/// (arXiv 2210.09261), whose options are kinds of errors too.
/// </summary>
internal sealed partial class ErrorExamples : ExampleKind
{
    private static readonly string[] _parts = ["name", "number", "color", "object", "place", "day"];

    private static readonly string[][] _values =
    [
        ["Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Hanna", "Ivan"],
        [.. Enumerable.Range(2, 18).Select(number => number.ToString(CultureInfo.InvariantCulture))],
        ["black", "blue", "green", "orange", "purple", "red", "white", "yellow"],
        ["baskets", "bottles", "boxes", "candles", "coats", "cups", "lamps", "ropes"],
        ["bakery", "bridge", "castle", "factory", "harbor", "library", "market", "station"],
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ];

    public override string Name => "salient";

    public override string Heading => "Each sentence differs from its record in one part. Each question has one right option.";

    public override Example Draw(SeededRandom random)
    {
        string[] record = [.. _values.Select(values => random.Pick(values))];
        var wrong = random.Next(_parts.Length);
        string[] told = [.. record];
        told[wrong] = random.Pick(_values[wrong].Where(value => value != record[wrong]).ToList());
        var question = $"Record: {string.Join(", ", record)}. Sentence: {told[0]} brought {told[1]} {told[2]} {told[3]} to the {told[4]} on {told[5]}. "
            + "Which part of the sentence is wrong?";
        return new Example(question, _parts, wrong);
    }

    public override string Solve(string question)
    {
        var record = Record().Match(question).Groups[1].Value.Split(", ");
        var told = Sentence().Match(question).Groups;
        return _parts[Enumerable.Range(0, _parts.Length).Single(part => record[part] != told[part + 1].Value)];
    }

    [GeneratedRegex(@"Record: ([^.]+)\.")]
    private static partial Regex Record();

    [GeneratedRegex(@"Sentence: (\w+) brought (\w+) (\w+) (\w+) to the (\w+) on (\w+)\.")]
    private static partial Regex Sentence();
}
