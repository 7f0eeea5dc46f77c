using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Verbs;

public class EvalVerbTests
{
    [Theory]
    [InlineData("no task was given", "eval")]
    [InlineData("Did you mean 'gsm-like'?", "eval", "--tasks", "gsm-lik")]
    [InlineData("names 'arc-like' twice", "eval", "--tasks", "arc-like,arc-like")]
    [InlineData("--steps belongs to gsm-like", "eval", "--tasks", "arc-like", "--steps", "2")]
    [InlineData("it has train, dev, test", "eval", "--tasks", "arc-like", "--split", "validation")]
    [InlineData("the count is 0", "eval", "--tasks", "arc-like", "--limit", "0")]
    [InlineData("sequences is 65", "eval", "--tasks", "arc-like", "--batch-size", "65")]
    public void Run_WrongCommandLine_ExitsWithTwoAndSaysWhy(string said, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(2);
        terminal.Error.ShouldContain(said);
        terminal.Out.ShouldBeEmpty();
    }

    [Fact]
    public void Run_Again_GivesTheSameFiguresFromTheSamplesThatAreThere()
    {
        using var folder = new TemporaryFolder();
        string[] args = ["eval", "--model", Repository.BundledModel, "--tasks", "arc-like", "--limit", "3", "--output", folder.File("out"), "--json"];
        var first = Run(args);
        var samples = File.ReadAllLines(Path.Combine(folder.File("out"), "arc-like.jsonl"));
        samples.Length.ShouldBe(3);
        Run(args).ShouldBe(first);
        File.ReadAllLines(Path.Combine(folder.File("out"), "arc-like.jsonl")).ShouldBe(samples);
        File.ReadAllText(Path.Combine(folder.File("out"), "results.json")).Trim().ShouldBe(first.Trim());
        using var json = JsonDocument.Parse(first);
        var task = json.RootElement.GetProperty("tasks")[0];
        task.GetProperty("acc_norm").GetProperty("samples").GetInt32().ShouldBe(3);
        task.TryGetProperty("stopped", out _).ShouldBeFalse();
    }

    private static string Run(string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(0, terminal.Error);
        return terminal.Out;
    }
}
