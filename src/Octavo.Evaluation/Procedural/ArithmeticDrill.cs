using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Evaluation.Procedural;

/// <summary>
/// Bare calculations to train on beside word problems: a list of them, and each written out with its result as the solutions of
/// <see cref="GsmLike"/> write equations. A word problem of two equations spends ten times as many tokens on each.
/// </summary>
internal sealed partial record ArithmeticDrill : ProceduralTask
{
    private const int PerRow = 10;
    private const int LargestFactor = 6;

    /// <summary>The largest number of a calculation, its result included.</summary>
    public int Largest { get; init; } = 60;

    public override string Name => "arithmetic";

    public override IReadOnlyList<string> Splits => ["train"];

    protected override ProceduralRow? Draw(SeededRandom random, string split, string id)
    {
        var sums = Enumerable.Range(0, PerRow).Select(_ => Draw(random)).ToList();
        var question = $"Give the result of each: {string.Join("; ", sums.Select(sum => sum.Asked))}.";
        return new ProceduralRow(id, Name, split, "arithmetic", question, string.Join("\n", sums.Select(sum => $"{sum.Asked} = {sum.Result}")), sums[^1].Result);
    }

    /// <summary>Every calculation that was asked is answered, in its order, and holds.</summary>
    public override string? Problem(ProceduralRow row)
    {
        var asked = Calculation().Matches(row.Question).Select(match => match.Value).ToList();
        var lines = row.Target.Split('\n');
        if (lines.Length != asked.Count)
            return $"it asks for {asked.Count} results and has {lines.Length}.";
        for (var i = 0; i < lines.Length; i++)
        {
            if (GsmLike.Worth(asked[i]) is not { } result || lines[i] != $"{asked[i]} = {result}")
                return $"'{lines[i]}' does not answer '{asked[i]}'.";
        }
        return lines[^1].EndsWith($"= {row.Answer}", StringComparison.Ordinal) ? null : $"the answer {row.Answer} is not the last result.";
    }

    private (string Asked, string Result) Draw(SeededRandom random)
    {
        var (a, op, b, result) = random.Next(10) switch
        {
            < 4 => Add(random),
            < 8 => Subtract(random),
            8 => Multiply(random),
            _ => Divide(random),
        };
        return (string.Create(CultureInfo.InvariantCulture, $"{a} {op} {b}"), result.ToString(CultureInfo.InvariantCulture));
    }

    private (int, char, int, int) Add(SeededRandom random)
    {
        var a = Between(random, 2, Largest - 2);
        var b = Between(random, 2, Largest - a);
        return (a, '+', b, a + b);
    }

    private (int, char, int, int) Subtract(SeededRandom random)
    {
        var a = Between(random, 4, Largest);
        var b = Between(random, 2, a - 2);
        return (a, '-', b, a - b);
    }

    private (int, char, int, int) Multiply(SeededRandom random)
    {
        var a = Between(random, 2, LargestFactor);
        var b = Between(random, 2, Math.Min(20, Largest / a));
        return random.Next(2) == 0 ? (a, '*', b, a * b) : (b, '*', a, a * b);
    }

    private (int, char, int, int) Divide(SeededRandom random)
    {
        var b = Between(random, 2, LargestFactor);
        var result = Between(random, 2, Math.Min(20, Largest / b));
        return (b * result, '/', b, result);
    }

    [GeneratedRegex(@"\d+ [-+*/] \d+")]
    private static partial Regex Calculation();
}
