using System.Text.Json;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Octavo.UnitTests.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Cli.Runs;

public sealed class RunsVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RunsVerbTests()
    {
        SampleRuns.Make(_folder.File("one"), SampleRuns.Info("one"), 20);
        SampleRuns.Make(_folder.File("two"), SampleRuns.Info("two", "model: smollm2\ntrain:\n  lr: 3e-4\n"), 30);
    }

    public void Dispose() => _folder.Dispose();

    private (int Exit, string Out, string Error) Run(params string[] args)
    {
        using var terminal = new FakeTerminal();
        var exit = terminal.Run(["runs", .. args]);
        return (exit, terminal.Out, terminal.Error);
    }

    private JsonElement Json(params string[] args)
    {
        var (exit, output, error) = Run([.. args, "--json"]);
        (exit, error).ShouldBe((0, ""));
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    [Fact]
    public void List_AFolder_HasEveryRunAndTellsTheBroken()
    {
        Directory.CreateDirectory(_folder.File("bad"));
        _folder.Write("bad/metrics.sqlite", [1, 2, 3]);
        var (exit, output, error) = Run(_folder.Path);
        exit.ShouldBe(0);
        output.Split('\n').Select(line => line.Split(' ')[0]).ShouldBe(["run", "two", "one", ""]);
        error.TrimEnd('\n').Split('\n').ShouldHaveSingleItem().ShouldContain("bad/metrics.sqlite");
        Run("list", "--dir", _folder.Path).ShouldBe((0, output, error));
        var json = Json("list", _folder.Path);
        json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("steps").GetInt32()).ShouldBe([30, 20]);
        json.GetProperty("broken").GetArrayLength().ShouldBe(1);
        Run("show", _folder.File("bad")).Exit.ShouldBe(3);
        Run("compare", _folder.File("one"), _folder.File("bad")).Exit.ShouldBe(3);
    }

    [Fact]
    public void Show_ARun_HasItsMetricsAndSettings()
    {
        var (exit, output, _) = Run("show", "one", "--dir", _folder.Path);
        exit.ShouldBe(0);
        foreach (var part in new[] { "done", "train/loss", "train.lr", "2e-5", "octavo train sft -c run.yaml" })
            output.ShouldContain(part);
        Json("show", _folder.File("one")).GetProperty("metrics").GetProperty(RunTags.Loss).GetProperty("points").GetInt32().ShouldBe(20);
        Run("show", _folder.File("one"), "--export", "csv").Out.Split('\n').Length.ShouldBe(22);
        Run("show", _folder.File("one"), "--export", "json", "-o", _folder.File("one.json")).ShouldBe((0, "", ""));
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("one.json")));
        json.RootElement.GetProperty("steps").GetArrayLength().ShouldBe(20);
    }

    [Fact]
    public void Compare_TwoRuns_HasDifferencesAndCurves()
    {
        var (exit, output, _) = Run("compare", "one", "two", "--dir", _folder.Path);
        exit.ShouldBe(0);
        output.ShouldContain("3e-4");
        output.ShouldContain("train.batch");
        output.ShouldNotContain("smollm2");
        output.ShouldContain("A one");
        output.ShouldContain("B two");
        Json("compare", _folder.File("one"), _folder.File("two")).GetProperty("differences").GetProperty("train.lr").EnumerateArray()
            .Select(value => value.GetString()).ShouldBe(["2e-5", "3e-4"]);
        Run("compare", _folder.File("one"), _folder.File("two"), "-o", _folder.File("c.html")).Exit.ShouldBe(0);
        File.ReadAllText(_folder.File("c.html")).Split("<svg").Length.ShouldBe(3);
    }

    [Fact]
    public void Plot_AMetric_InTheTerminalAndAsAFile()
    {
        Run("plot", _folder.File("one")).Out.ShouldContain("└──");
        Json("plot", _folder.File("one"), "--metric", RunTags.LearningRate).GetProperty("runs")[0].GetProperty("points").GetArrayLength().ShouldBe(20);
        Run("plot", _folder.File("one"), "-o", _folder.File("loss.svg"), "--log", "--smooth", "0.9").ShouldBe((0, "", ""));
        File.ReadAllText(_folder.File("loss.svg")).ShouldStartWith("<svg ");
    }

    [Fact]
    public void Report_ARun_WritesItAndSaysWhere()
    {
        Run("report", "one", "--dir", _folder.Path).ShouldBe((0, _folder.File("one/report.html") + "\n", ""));
        File.Exists(_folder.File("one/report.html")).ShouldBeTrue();
        File.Exists(Json("report", _folder.File("one"), "--log").GetProperty("summary").GetString()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(2, "Did you mean 'compare'?", "compaer")]
    [InlineData(2, "needs two runs or more", "compare", "one")]
    [InlineData(2, "one too many", "show", "one", "two")]
    [InlineData(2, "--metric has no effect on runs show", "show", "one", "--metric", "x")]
    [InlineData(2, "Did you mean 'train/loss'?", "plot", "one", "--metric", "train/los")]
    [InlineData(2, "from 0 to below 1", "plot", "one", "--smooth", "1")]
    [InlineData(2, "must end in .svg", "plot", "one", "-o", "x.png")]
    [InlineData(2, "give csv or json", "show", "one", "--export", "xml")]
    [InlineData(3, "no such run", "show", "three")]
    public void Run_AMistake_IsOneClearError(int exit, string text, params string[] args)
    {
        var result = Run([.. args, "--dir", _folder.Path]);
        result.Exit.ShouldBe(exit);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldContain(text);
    }
}
