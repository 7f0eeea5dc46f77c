using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

/// <summary>Runs as tables: configurations, comparisons, exports, and how runs are found.</summary>
public class RunTablesTests
{
    [Fact]
    public void Config_Nested_IsNamesAndValues()
    {
        RunSettings.Read("model: a\ntrain: {lr: 2e-5, betas: [0.9, 0.95]}\ndata:\n  - path: x\n    weight: 2\n  - path: y\nempty: {}\n").ShouldBe(
        [
            ("model", "a"), ("train.lr", "2e-5"), ("train.betas", "[0.9, 0.95]"), ("data[0].path", "x"), ("data[0].weight", "2"), ("data[1].path", "y"), ("empty", "{}"),
        ]);
        RunSettings.Read("{\"a\": {\"b\": 1}}").ShouldBe([("a.b", "1")]);
        RunSettings.Read("a: [").ShouldBe([("", "a: [")]);
        RunSettings.Read("a: 1\na: 2\n").ShouldBe([("", "a: 1\na: 2\n")]);
        RunSettings.Read("[1, 2]").ShouldBe([("", "[1, 2]")]);
        RunSettings.Read("").ShouldBeEmpty();
    }

    [Fact]
    public void Compare_RunsThatDiffer_NamesOnlyTheDifferences()
    {
        using var folder = new TemporaryFolder();
        SampleRuns.Make(folder.File("a"), SampleRuns.Info("same"), 3);
        SampleRuns.Make(folder.File("b"), SampleRuns.Info("same", "model: smollm2\ntrain:\n  lr: 1e-4\n  batch: 8\n  warmup: 10\n", seed: 8), 5);
        var comparison = RunComparison.Of([.. new[] { "a", "b" }.Select(name =>
        {
            using var run = new RunReader(folder.File(name));
            return RunSummary.Of(run, DateTimeOffset.UtcNow);
        })]);
        comparison.Differences.Select(row => (row.Name, row.Values[0], row.Values[1])).ShouldBe(
            [("seed", "7", "8"), ("train.lr", "2e-5", "1e-4"), ("train.warmup", null, "10")]);
        comparison.Labels.Distinct().Count().ShouldBe(2);
        comparison.Labels.ShouldAllBe(label => label.StartsWith("same (", StringComparison.Ordinal));
        comparison.Tags.ShouldBe([RunTags.Loss, RunTags.LearningRate]);
        RunComparisonPage.Rows(comparison).Single(row => row[0] == "steps").ShouldBe(["steps", "3", "5"]);
    }

    [Fact]
    public void Export_CsvAndJson_HaveEveryPoint()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info()))
        {
            log.Log(1, 10, [(RunTags.Loss, 0.1), ("a,b", double.NegativeInfinity)]);
            log.Log(2, 20, [(RunTags.Loss, double.NaN)]);
            log.Finish(RunStatus.Done);
        }
        using var run = new RunReader(folder.Path);
        using var csv = new StringWriter();
        RunExport.WriteCsv(run, csv);
        var lines = csv.ToString().TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToList();
        csv.ToString().ShouldStartWith("step,tokens,time,\"a,b\",train/loss\n");
        (lines[1][0], lines[1][1], lines[1][3], lines[1][4]).ShouldBe(("1", "10", "-Infinity", "0.1"));
        (lines[2][0], lines[2][3], lines[2][4]).ShouldBe(("2", "", "NaN"));
        using var json = JsonDocument.Parse(JsonText.Make(default, writer => RunExport.WriteJson(run, writer)));
        var steps = json.RootElement.GetProperty("steps");
        steps.GetArrayLength().ShouldBe(2);
        steps[0].GetProperty(RunTags.Loss).GetDouble().ShouldBe(0.1);
        steps[1].GetProperty(RunTags.Loss).GetString().ShouldBe("NaN");
        steps[1].TryGetProperty("a,b", out _).ShouldBeFalse();
    }

    [Fact]
    public void Resolve_AnyName_FindsTheRun()
    {
        using var folder = new TemporaryFolder();
        SampleRuns.Make(folder.File("sweep/one"), SampleRuns.Info("lr 1"), 1, new ManualClock());
        SampleRuns.Make(folder.File("two"), SampleRuns.Info("lr 2"), 1);
        Directory.CreateDirectory(folder.File("two/checkpoint-1"));
        folder.Write("two/checkpoint-1/metrics.sqlite", []);
        Directory.CreateDirectory(folder.File("broken"));
        folder.Write("broken/metrics.sqlite", [1, 2, 3]);
        RunFolders.Find(folder.Path).ShouldBe([folder.File("broken"), folder.File("sweep/one"), folder.File("two")]);
        using var run = new RunReader(folder.File("sweep/one"));
        foreach (var name in new[] { run.Header.Id, "20260301", "lr 1", "sweep/one", folder.File("sweep/one") })
            Path.GetFullPath(RunFolders.Resolve(name, folder.Path)).ShouldBe(folder.File("sweep/one"));
        Should.Throw<InputFileException>(() => RunFolders.Resolve("lr 3", folder.Path)).Message.ShouldContain("no such run");
        Should.Throw<InputFileException>(() => RunFolders.Resolve("20", folder.Path)).Message.ShouldContain("may be any of");
    }
}
