using System.Text;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks.ManyShot;

/// <summary>Who has what after some swaps: stands in for tracking of seven shuffled objects of BIG-Bench Hard (arXiv
/// 2210.09261).</summary>
internal sealed partial class SwapExamples : ExampleKind
{
    private const int People = 7;

    private static readonly string[] _names = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Finn", "Greta"];
    private static readonly string[] _balls = ["black ball", "blue ball", "brown ball", "green ball", "orange ball", "red ball", "white ball"];

    public override string Name => "tracking7";

    public override string Heading => "Seven players have a ball each and swap them. Each question has one right option.";

    public override Example Draw(SeededRandom random)
    {
        List<string> balls = [.. _balls];
        random.Shuffle(balls);
        var question = new StringBuilder();
        for (var i = 0; i < People; i++)
            question.Append(_names[i]).Append(" has the ").Append(balls[i]).Append(". ");
        var swaps = random.Between(4, 7);
        for (var swap = 0; swap < swaps; swap++)
        {
            var one = random.Next(People);
            var other = (one + random.Between(1, People - 1)) % People;
            question.Append(_names[one]).Append(" and ").Append(_names[other]).Append(" swap. ");
            (balls[one], balls[other]) = (balls[other], balls[one]);
        }
        var asked = random.Next(People);
        question.Append("What does ").Append(_names[asked]).Append(" have now?");
        return Mixed(random, question.ToString(), balls[asked], _balls.Where(ball => ball != balls[asked]));
    }

    public override string Solve(string question)
    {
        var balls = Has().Matches(question).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        foreach (Match swap in Swap().Matches(question))
        {
            var (one, other) = (swap.Groups[1].Value, swap.Groups[2].Value);
            (balls[one], balls[other]) = (balls[other], balls[one]);
        }
        return balls[Asked().Match(question).Groups[1].Value];
    }

    [GeneratedRegex(@"(\w+) has the (\w+ ball)\.")]
    private static partial Regex Has();

    [GeneratedRegex(@"(\w+) and (\w+) swap\.")]
    private static partial Regex Swap();

    [GeneratedRegex(@"What does (\w+) have now")]
    private static partial Regex Asked();
}
