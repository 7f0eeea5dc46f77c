using Octavo.Evaluation.Procedural;
using Octavo.Evaluation.Verifiers.Ifeval;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Procedural;

public class IfevalLikeTests
{
    [Theory]
    [InlineData("train")]
    [InlineData("dev")]
    [InlineData("test")]
    public void Generate_EverySplit_CoversAllInstructionsAndFollowsThem(string split)
    {
        var rows = new IfevalLike().Generate(3, split, 400).ToList();
        rows.SelectMany(row => row.Instructions!).Distinct().Count().ShouldBe(25);
        rows.Select(row => row.Instructions!.Count).Distinct().Order().ShouldBe([1, 2, 3]);
        // as it is judged by whoever reads the file
        rows.Select(row => RowJson.Read(RowJson.Write(row), row.Id)).ShouldAllBe(row => IfevalVerdict.Of(row.Instructions!, row.Arguments!, row.Target).AllStrict);
        rows.ShouldAllBe(row => !row.Question.Contains('{') && !row.Target.Contains("{topic"));
    }

    [Fact]
    public void Generate_Row_ComesBackFromItsLineWithArguments()
    {
        var row = new IfevalLike().Generate(5, "train", 20).First(row => row.Arguments!.Any(arguments => arguments.Count > 0));
        var read = RowJson.Read(RowJson.Write(row), "line 1");
        read.Instructions.ShouldBe(row.Instructions);
        read.Arguments!.Select(arguments => arguments.ToJsonString()).ShouldBe(row.Arguments!.Select(arguments => arguments.ToJsonString()));
        new IfevalLike().Problem(read).ShouldBeNull();
    }

    [Fact]
    public void Problem_EmptyAnswer_NamesTheInstructions()
    {
        var row = new IfevalLike().Generate(5, "test", 1).Single();
        new IfevalLike().Problem(row with { Target = " " })!.ShouldContain(row.Instructions![0]);
    }
}
