using Octavo.Core;
using Octavo.Evaluation.English;
using Octavo.Evaluation.Procedural;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Procedural;

public class HellaswagLikeTests
{
    [Fact]
    public void Generate_Sentences_HaveOneRealEnd()
    {
        var task = new HellaswagLike { Documents = Documents };
        var rows = task.Generate(2, "test", 40).ToList();
        var read = rows.Select(row => RowJson.Read(RowJson.Write(row), row.Id)).ToList();
        read.ShouldAllBe(row => row.Choices!.Distinct().Count() == 4 && row.Choices![row.Gold!.Value] == row.Answer);
        rows.Select(row => row.Gold).Distinct().Count().ShouldBe(4);
        read.ShouldAllBe(row => task.Problem(row) == null);
        task.Problem(rows[0] with { Answer = "something else." }).ShouldNotBeNull();
    }

    [Fact]
    public void Generate_HardlyAnyText_IsRefusedWithTheFix() =>
        Should.Throw<InputFileException>(() => new HellaswagLike { Documents = split => Documents(split).Take(1) }.Generate(2, "test", 1).ToList())
            .Message.ShouldContain("apt-get install");

    private static IEnumerable<EnglishDocument> Documents(string split)
    {
        string[] subjects = ["The program", "A user of this machine", "Every administrator", "The library", "This small utility", "The author of a package"];
        string[] verbs = ["reads a file from the disk", "writes the result to a new place", "opens a window on the screen", "asks the server for some data", "waits for the next signal"];
        foreach (var subject in subjects)
            yield return new EnglishDocument($"/{subject}", split, [.. verbs.Select(verb => $"{subject} {verb} and then it goes on with whatever the {verb.Split(' ')[^1]} has brought.")]);
    }
}
