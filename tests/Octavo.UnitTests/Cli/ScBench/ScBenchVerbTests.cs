using System.Text.Json;
using Octavo.TestKit;
using Octavo.UnitTests.Systems.ScBench;
using Shouldly;

namespace Octavo.UnitTests.Cli.ScBench;

public class ScBenchVerbTests
{
    [Fact]
    public void GenRunScore_Toy_GiveTheSameFigures()
    {
        using var folder = new TemporaryFolder();
        var (rows, predictions, again) = (folder.File("toy_kv.jsonl"), folder.File("predictions.jsonl"), folder.File("again.jsonl"));
        Run("scbench", "gen", "-m", BundledToy.Path, "--task", "toy_kv", "--count", "6", "--seed", "3", "-o", rows).ShouldBeEmpty();
        File.ReadAllLines(rows).Length.ShouldBe(6);
        string[] kv = ["--kv", "f32+full", "--kv", "f32+snapkv:window=4,budget=24"];
        var ran = Run(["scbench", "run", "-m", BundledToy.Path, "--data", rows, "--mode", "both", "--threads", "1", "-o", predictions, "--json", .. kv]);
        Run("scbench", "score", predictions, "-o", again, "--json").ShouldBe(ran);
        File.ReadAllText(again).ShouldBe(File.ReadAllText(predictions));
        // rows, turns, modes, settings
        File.ReadAllLines(predictions).Length.ShouldBe(6 * 5 * 2 * 2);
        using var json = JsonDocument.Parse(ran);
        var full = json.RootElement.GetProperty("runs")[0];
        (full.GetProperty("kv").GetString(), full.GetProperty("rows").GetInt32(), full.GetProperty("mean").GetDouble()).ShouldBe(("f32+full", 6, 100));
    }

    [Fact]
    public void Run_MadeRows_EqualThoseOfAFile()
    {
        using var folder = new TemporaryFolder();
        var rows = folder.File("toy_kv.jsonl");
        Run("scbench", "gen", "-m", BundledToy.Path, "--task", "toy_kv", "--count", "3", "-o", rows);
        string Means(params string[] args)
        {
            using var json = JsonDocument.Parse(Run(["scbench", "run", "-m", BundledToy.Path, "--kv", "streamingllm:init=4,local=20", "--json", .. args]));
            return json.RootElement.GetProperty("runs")[0].GetProperty("parity").GetRawText();
        }
        Means("--data", rows).ShouldBe(Means("--task", "toy_kv", "--count", "3"));
    }

    [Theory]
    [InlineData(2, "say what to do", "scbench")]
    [InlineData(2, "Did you mean 'run'?", "scbench", "runn")]
    [InlineData(2, "there is no task", "scbench", "gen")]
    [InlineData(2, "Did you mean 'kv_words'?", "scbench", "gen", "--task", "kv_word")]
    [InlineData(2, "--mode has no effect on scbench gen", "scbench", "gen", "--task", "kv", "--mode", "both")]
    [InlineData(2, "give golden or self", "scbench", "run", "--task", "kv", "--history", "mine")]
    [InlineData(2, "requests have no history", "scbench", "run", "--task", "kv", "--history", "self", "--mode", "both")]
    [InlineData(2, "There is no method 'snapp'", "scbench", "run", "--task", "kv", "--kv", "q8+snapp")]
    [InlineData(2, "given twice", "scbench", "run", "--task", "kv", "--kv", "full", "--kv", "full")]
    [InlineData(2, "--seed has no effect on rows of a file", "scbench", "run", "--data", "x", "--seed", "2")]
    [InlineData(2, "cannot be chosen", "scbench", "gen", "-m", "scbench-toy", "--task", "toy_kv", "--tokens", "50")]
    [InlineData(7, "none of this toy model's", "scbench", "run", "-m", "scbench-toy", "--task", "kv_words", "--count", "1", "--tokens", "120", "--turns", "1", "--max-tokens", "2")]
    [InlineData(7, "none of this toy model's", "generate", "-m", "scbench-toy", "--prompt", "What is the capital of France?")]
    public void Mistake_IsToldWithItsExit(int exit, string message, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(exit, terminal.Error);
        terminal.Error.ShouldContain(message);
    }

    [Fact]
    public void Generate_ToyInItsDomain_AnswersAndSaysWhatItIs()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("generate", "-m", BundledToy.Path, "--prompt", "k5 v1 v2 k9 v3 v4 k1 v7 v8 Q k9", "--max-tokens", "2", "-q").ShouldBe(0, terminal.Error);
        terminal.Out.Trim().ShouldBe("v3 v4");
        terminal.Error.ShouldContain("a toy model answers");
    }

    [Fact]
    public void Generate_ToyOutsideItsDomain_AnswersWhereItIsForced()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("generate", "-m", BundledToy.Path, "--prompt", "hello", "--max-tokens", "1", "--force").ShouldBe(0, terminal.Error);
    }

    private static string Run(params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(0, terminal.Error);
        return terminal.Out;
    }
}
