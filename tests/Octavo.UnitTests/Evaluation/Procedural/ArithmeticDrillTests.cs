using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Evaluation.Procedural;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Procedural;

public partial class ArithmeticDrillTests
{
    [Fact]
    public void Generate_Rows_AskTenCalculationsAndWriteEachOutAsWordProblemsDo()
    {
        var rows = new ArithmeticDrill().Generate(1, "train", 300).ToList();
        rows.Select(row => row.Question).Distinct().Count().ShouldBe(300);
        var equations = rows.SelectMany(row => Equation().Matches(row.Target)).ToList();
        equations.Count.ShouldBe(3000);
        equations.Select(equation => equation.Groups[2].Value).Distinct().Order().ShouldBe(["*", "+", "-", "/"]);
        foreach (var equation in equations)
        {
            var (a, b, result) = (Whole(equation, 1), Whole(equation, 3), Whole(equation, 4));
            result.ShouldBe(equation.Groups[2].Value switch { "+" => a + b, "-" => a - b, "*" => a * b, _ => a / b });
            new[] { a, b, result }.ShouldAllBe(number => number >= 2 && number <= 60);
        }
    }

    [Fact]
    public void Generate_SameSeed_GivesTheSameRows_AndAnotherSeedOthers()
    {
        var first = new ArithmeticDrill().Generate(1, "train", 20).ToList();
        new ArithmeticDrill().Generate(1, "train", 20).ShouldBe(first);
        new ArithmeticDrill().Generate(2, "train", 20).Select(row => row.Question).Intersect(first.Select(row => row.Question)).ShouldBeEmpty();
    }

    [Fact]
    public void Generate_HeldOutSplit_IsRefused_BecauseNothingIsHeldOut() =>
        Should.Throw<ConfigException>(() => new ArithmeticDrill().Generate(1, "test", 1)).Message.ShouldContain("train");

    [Fact]
    public void Problem_WrongRows_AreFound()
    {
        var task = new ArithmeticDrill();
        var row = task.Generate(1, "train", 1).Single();
        task.Problem(row).ShouldBeNull();
        task.Problem(row with { Answer = "999" }).ShouldNotBeNull();
        task.Problem(row with { Target = row.Target[..row.Target.LastIndexOf('\n')] }).ShouldNotBeNull();
        task.Problem(row with { Question = "Give the result of each: 2 + 2.", Target = "2 + 2 = 5", Answer = "5" }).ShouldNotBeNull();
        task.Problem(row with { Question = "Give the result of each: 2 + 2.", Target = "2 + 3 = 5", Answer = "5" }).ShouldNotBeNull();
        task.Problem(row with { Question = "Give the result of each: 7 / 2.", Target = "7 / 2 = 3", Answer = "3" }).ShouldNotBeNull();
    }

    private static int Whole(Match equation, int group) => int.Parse(equation.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) ([-+*/]) (\d+) = (\d+)")]
    private static partial Regex Equation();
}
