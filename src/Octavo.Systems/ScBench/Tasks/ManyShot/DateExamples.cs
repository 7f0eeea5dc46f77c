using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks.ManyShot;

/// <summary>Counting days from a date: stands in for date understanding of BIG-Bench Hard (arXiv 2210.09261).</summary>
internal sealed partial class DateExamples : ExampleKind
{
    private const string Format = "MM/dd/yyyy";
    private const int Options = 5;

    // what is known of today, and how far today is from the date that is named
    private static readonly (string Said, int Offset)[] _anchors = [("Today is", 0), ("Yesterday was", 1), ("Tomorrow is", -1)];

    public override string Name => "date";

    public override string Heading => "Each question gives a date and has one right option.";

    public override Example Draw(SeededRandom random)
    {
        var named = new DateOnly(1950, 1, 1).AddDays(random.Next(25_000));
        var (said, offset) = random.Pick(_anchors);
        var (count, unit) = random.Next(2) == 0 ? (random.Between(2, 40), "days") : (random.Between(2, 8), "weeks");
        var isLater = random.Next(2) == 0;
        var question = $"{said} {Text(named)}. Which date is {count} {unit} {(isLater ? "after" : "before")} today?";
        var right = named.AddDays(offset + (Days(count, unit) * (isLater ? 1 : -1)));
        HashSet<DateOnly> wrong = [];
        while (wrong.Count < Options - 1)
        {
            var other = random.Next(4) switch
            {
                0 => right.AddDays(random.Between(1, 9)),
                1 => right.AddDays(-random.Between(1, 9)),
                2 => right.AddMonths(random.Pick((int[])[-1, 1])),
                _ => right.AddYears(random.Pick((int[])[-1, 1])),
            };
            if (other != right)
                wrong.Add(other);
        }
        return Mixed(random, question, Text(right), wrong.Select(Text));
    }

    public override string Solve(string question)
    {
        var match = Asked().Match(question);
        var named = DateOnly.ParseExact(match.Groups[2].Value, Format, CultureInfo.InvariantCulture);
        var offset = _anchors.Single(anchor => anchor.Said == match.Groups[1].Value).Offset;
        var days = Days(int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture), match.Groups[4].Value);
        return Text(named.AddDays(offset).AddDays(match.Groups[5].Value == "after" ? days : -days));
    }

    private static int Days(int count, string unit) => unit == "weeks" ? 7 * count : count;

    private static string Text(DateOnly date) => date.ToString(Format, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(Today is|Yesterday was|Tomorrow is) (\d\d/\d\d/\d{4})\. Which date is (\d+) (days|weeks) (after|before) today")]
    private static partial Regex Asked();
}
