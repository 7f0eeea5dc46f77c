using Octavo.Evaluation.Procedural;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Data;

public class DataMakeTests
{
    [Theory]
    [InlineData("gsm", "gsm-like")]
    [InlineData("arc", "arc-like")]
    [InlineData("ifeval", "ifeval-like")]
    public void Run_EveryName_WritesTheSameRowsToAFileAndToTheOutput(string name, string task)
    {
        using var folder = new TemporaryFolder();
        using var terminal = new FakeTerminal();
        terminal.Run("data", "make", name, "--seed", "5", "--split", "test", "--count", "20", "-o", folder.File("rows.jsonl")).ShouldBe(0);
        terminal.Out.ShouldBeEmpty();
        terminal.Error.ShouldContain("20 rows");
        using var piped = new FakeTerminal();
        piped.Run("data", "make", name, "--seed", "5", "--split", "test", "--count", "20").ShouldBe(0);
        var lines = File.ReadAllLines(folder.File("rows.jsonl"));
        piped.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(lines);
        lines.Select(line => RowJson.Read(line, "line")).ShouldAllBe(row => row.Task == task && row.Split == "test");
    }

    [Theory]
    [InlineData("no name was given", "data", "make")]
    [InlineData("Did you mean 'ifeval'?", "data", "make", "ifevil")]
    [InlineData("--steps has no effect on arc", "data", "make", "arc", "--steps", "2")]
    [InlineData("--steps is 4", "data", "make", "gsm", "--steps", "4")]
    [InlineData("it has train, dev, test, test-range", "data", "make", "gsm", "--split", "validation")]
    [InlineData("the count is 0", "data", "make", "gsm", "--count", "0")]
    [InlineData("english takes no --seed", "data", "make", "english", "--seed", "1")]
    [InlineData("--worked has no effect on ifeval", "data", "make", "ifeval", "--worked")]
    [InlineData("--worked has no effect on english", "data", "make", "english", "--worked")]
    public void Run_WrongCommandLine_ExitsWithTwoAndSaysWhy(string said, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(2);
        terminal.Error.ShouldContain(said);
        terminal.Out.ShouldBeEmpty();
    }
}
