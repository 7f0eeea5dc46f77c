using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Evaluation.Procedural.Gsm;
using Octavo.Evaluation.Verifiers;

namespace Octavo.Evaluation.Procedural;

/// <summary>
/// Word problems with one to three steps. The target repeats the facts, each with its equation, and ends with <c>#### n</c>. "dev" and
/// "test" are told in sentences that "train" does not have; "test-range" in those of "train", with numbers that it does not have.
/// </summary>
internal sealed partial record GsmLike : ProceduralTask
{
    /// <summary>What every question ends with.</summary>
    public const string Instruction = "End with #### and the number.";

    private const string RangeSplit = "test-range";

    /// <summary>How many equations a solution has: 1, 2 or 3; 0 draws it for each problem.</summary>
    public int Steps { get; init; }

    /// <summary>The largest number of a problem; those of "test-range" go from above it to twice as much.</summary>
    public int Largest { get; init; } = 60;

    /// <summary>Solutions add and take away tens first, then ones: <c>35 - 28 = 35 - 20 - 8 = 15 - 8 = 7</c>. Questions and answers stay the same.</summary>
    public bool Worked { get; init; }

    public override string Name => "gsm-like";

    public override IReadOnlyList<string> Splits => ["train", "dev", "test", RangeSplit];

    /// <summary>The sentences that a split is told in.</summary>
    public static IReadOnlyList<GsmTheme> Themes(string split) => split switch
    {
        "test" => GsmTest.Themes,
        "dev" => GsmDev.Themes,
        _ => GsmTrain.Themes,
    };

    protected override ProceduralRow? Draw(SeededRandom random, string split, string id)
    {
        var steps = Steps == 0 ? Between(random, 1, 3) : Steps;
        var isRange = split == RangeSplit;
        var story = new GsmStory(random, Pick(random, Themes(split)), isRange ? 2 * Largest : Largest, Worked);
        if (!story.Tell(steps) || story.Highest > Largest != isRange)
            return null;
        var answer = story.Value.ToString(CultureInfo.InvariantCulture);
        return new ProceduralRow(
            id, Name, split, story.Template, $"{story.Question} {Instruction}", $"{story.Solution}\n#### {answer}", answer);
    }

    /// <summary>Every equation holds, builds on numbers that were there before, and the last one is the answer.</summary>
    public override string? Problem(ProceduralRow row)
    {
        if (AnswerExtraction.Strict(row.Target) != row.Answer)
            return $"the answer {row.Answer} cannot be read from the solution.";
        HashSet<int> known = [.. Number().Matches(row.Question).Select(match => Whole(match.Value))];
        var last = 0;
        var equations = Equation().Matches(row.Target);
        foreach (Match equation in equations)
        {
            var sides = equation.Value.Split(" = ");
            if (Number().Matches(sides[0]).Any(match => !known.Contains(Whole(match.Value))))
                return $"'{equation.Value}' uses a number that is not known.";
            if (sides.Select(Worth).Distinct().Count() != 1)
                return $"'{equation.Value}' does not hold.";
            last = Whole(sides[^1]);
            known.Add(last);
        }
        if (Steps > 0 && equations.Count != Steps)
            return $"it has {equations.Count} equations instead of {Steps}.";
        return last == Whole(row.Answer) ? null : $"the last equation gives {last}, the answer is {row.Answer}.";
    }

    /// <summary>What a calculation gives, left to right; null where a division leaves something.</summary>
    internal static int? Worth(string side)
    {
        var parts = side.Split(' ');
        int? worth = Whole(parts[0]);
        for (var i = 1; i < parts.Length && worth is { } value; i += 2)
            worth = Apply(value, parts[i][0], Whole(parts[i + 1]));
        return worth;
    }

    private static int? Apply(int a, char op, int b) => op switch
    {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        _ => b != 0 && a % b == 0 ? a / b : null,
    };

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"\d+ [-+*/] \d+(?: = \d+(?: [-+*/] \d+)+)* = \d+")]
    private static partial Regex Equation();
}
