using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Procedural.Arc;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Procedural;

public class ArcLikeTests
{
    [Theory]
    [InlineData("train")]
    [InlineData("dev")]
    [InlineData("test")]
    public void Generate_EverySplit_HasFourChoicesOfWhichOneIsProved(string split)
    {
        var rows = new ArcLike().Generate(11, split, 300).ToList();
        rows.ShouldAllBe(row => row.Choices!.Count == 4 && row.Choices[row.Gold!.Value] == row.Answer);
        rows.Select(row => row.Template).Distinct().Count().ShouldBe(2 * ArcThemes.Of(split).Count);
        // the right one is not told by its place
        for (var place = 0; place < 4; place++)
            rows.Count(row => row.Gold == place).ShouldBeInRange(40, 110);
    }

    [Fact]
    public void Solve_TwoThingsOfOneKind_AreBothProved()
    {
        var theme = ArcThemes.Of("train")[0];
        const string Question = "Momo is a dax. Bibi is a dax. Every dax eats fish. Animals that eat fish can swim. Which animal can swim?";
        ArcSolver.Solve(theme, Question, ["Momo", "Bibi", "Lulu"]).ShouldBe(["Momo", "Bibi"]);
        ArcSolver.Solve(theme, Question.Replace("Every dax eats fish. ", ""), ["Momo", "Bibi"]).ShouldBeEmpty();
    }

    [Fact]
    public void Problem_AnotherAnswer_IsFound()
    {
        var row = new ArcLike().Generate(1, "test", 1).Single();
        new ArcLike().Problem(row with { Answer = row.Choices!.First(choice => choice != row.Answer) }).ShouldNotBeNull();
    }

    [Fact]
    public void Themes_OfTwoSplits_ShareNoWordingAndNoThing()
    {
        string[] splits = ["train", "dev", "test"];
        var words = splits.ToDictionary(split => split, split => ArcThemes.Of(split).SelectMany(theme => (string[])
            [.. theme.Links, theme.AskFeature, theme.AskEnd, .. theme.Things, .. theme.Kinds, .. theme.Features, .. theme.Ends]).ToHashSet());
        foreach (var (one, other) in new[] { ("train", "dev"), ("train", "test"), ("dev", "test") })
            words[one].Intersect(words[other]).ShouldBeEmpty();
    }
}
