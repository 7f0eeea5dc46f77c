using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Evaluation.Charts;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

public partial class RunReportTests
{
    private const string Evil = "<script>alert(1)</script> & \"'";
    private const string Escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#39;";

    [Fact]
    public void Write_ARun_PageHasItsPartsAndNothingFromElsewhere()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info()))
        {
            SampleRuns.Fill(log, 0, 400);
            log.Log(400, 400 * 512, [(RunTags.EvaluationLoss, 2.125), (RunTags.Memory, 1.5e9), ("reward/mean", 3), (RunTags.GradientNorm, double.NaN)]);
            log.Facts([new RunFact("data", "rows dropped", "17"), new RunFact("environment", "libtorch", "2.9")]);
            log.Samples([new RunSample("Say hi.", "no", "hi\nthere")]);
            log.Note(400, RunNote.Warning, "loss jumped to 9");
            log.Finish(RunStatus.Done);
        }
        var page = File.ReadAllText(RunReport.Write(folder.Path));
        foreach (var part in new[]
        {
            "rows dropped", ">17<", "libtorch", "Say hi.", "hi\nthere", "loss jumped to 9", "train.lr", "2e-5", "octavo train sft -c run.yaml",
            "reward/mean", "1.5 GB", "2.125", "train/grad_norm: 1 of 1 values", "class=\"badge done\"",
        })
        {
            page.ShouldContain(part);
        }
        Regex.Count(page, "<svg").ShouldBe(5);
        page.ShouldNotContain("<script");
        Address().Matches(page).Select(match => match.Value).Distinct().ShouldBe(["http://www.w3.org/2000/svg"]);
        page.ShouldContain("prefers-color-scheme:dark");
    }

    [Fact]
    public void Write_TextsWithMarkup_AreEscapedEverywhere()
    {
        using var folder = new TemporaryFolder();
        MakeEvil(folder.Path, "0");
        var page = File.ReadAllText(RunReport.Write(folder.Path));
        page.ShouldNotContain("<script");
        foreach (var place in (string[])
            ["name", "recipe", "value", "commit", "machine", "command", "tag", "section", "fact", "said", "prompt", "before", "after", "kind", "note", "warning", "end"])
        {
            page.ShouldContain(place + "0" + Escaped, customMessage: place);
        }
    }

    // in a page of several runs their names are those of curves
    [Fact]
    public void Compare_TextsWithMarkup_AreEscapedEverywhere()
    {
        using var folder = new TemporaryFolder();
        List<RunSummary> runs = [];
        List<(string Name, IReadOnlyList<ChartPoint> Points)> curves = [];
        foreach (var number in (string[])["1", "2"])
        {
            MakeEvil(folder.File(number), number);
            using var run = new RunReader(folder.File(number));
            runs.Add(RunSummary.Of(run, DateTimeOffset.UtcNow));
            curves.Add((run.Header.Info.Name, RunCurves.Points(run, run.Tags()[0])));
        }
        var page = RunComparisonPage.Make(RunComparison.Of(runs), [RunCurves.Overlay("tag" + Evil, curves, 0, isLog: false)]);
        page.ShouldNotContain("<script");
        foreach (var number in (string[])["1", "2"])
        {
            page.ShouldContain($">name{number}{Escaped}</text>");
            foreach (var place in (string[])["name", "recipe", "value", "commit", "tag"])
                page.ShouldContain(place + number + Escaped, customMessage: place);
        }
        page.ShouldContain($">tag{Escaped}</text>");
    }

    [Fact]
    public void Write_ARun_SummaryHasTheNumbers()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info()))
        {
            log.Log(1, 100, [(RunTags.Loss, 4), (RunTags.GradientNorm, double.NaN)]);
            log.Log(2, 200, [(RunTags.Loss, 2)]);
            log.Log(3, 300, [(RunTags.Loss, double.PositiveInfinity)]);
            log.Finish(RunStatus.Stopped, "ctrl-C");
        }
        RunReport.Write(folder.Path);
        using var json = JsonDocument.Parse(File.ReadAllBytes(folder.File(RunSummary.FileName)));
        var root = json.RootElement;
        root.GetProperty("status").GetString().ShouldBe("stopped");
        root.GetProperty("steps").GetInt64().ShouldBe(3);
        root.GetProperty("tokens").GetInt64().ShouldBe(300);
        var loss = root.GetProperty("metrics").GetProperty(RunTags.Loss);
        loss.GetProperty("last").GetString().ShouldBe("Infinity");
        loss.GetProperty("least").GetDouble().ShouldBe(2);
        loss.GetProperty("least_step").GetInt64().ShouldBe(2);
        loss.GetProperty("mean").GetDouble().ShouldBe(3);
        loss.GetProperty("not_finite").GetInt32().ShouldBe(1);
        root.GetProperty("metrics").GetProperty(RunTags.GradientNorm).TryGetProperty("least", out _).ShouldBeFalse();
    }

    [Fact]
    public void Write_ARunWithoutAPoint_SaysHowItStands()
    {
        using var folder = new TemporaryFolder();
        using var log = RunLog.Create(folder.Path, SampleRuns.Info());
        File.ReadAllText(RunReport.Write(folder.Path)).ShouldContain("The run goes on: this is how it stood after step 0.");
    }

    [Fact]
    public void Write_ManyWarnings_ShowsAFewOnTopAndAllAmongTheEvents()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info()))
        {
            for (var i = 1; i <= 9; i++)
                log.Note(i, RunNote.Warning, $"spike {i}.");
            log.Finish(RunStatus.Done);
        }
        var page = File.ReadAllText(RunReport.Write(folder.Path));
        page.ShouldContain("4 more warnings are among the events");
        foreach (var i in Enumerable.Range(1, 9))
            Regex.Count(page, $"spike {i}\\.").ShouldBe(i <= 5 ? 2 : 1);
    }

    private static void MakeEvil(string folder, string number)
    {
        string Of(string place) => place + number + Evil;
        var setting = $"a: '{Of("value").Replace("'", "''", StringComparison.Ordinal)}'";
        var info = new RunInfo(Of("name"), Of("recipe"), setting, 1, Of("commit"), Of("machine"), Of("command"));
        using var log = RunLog.Create(folder, info);
        log.Log(1, 1, [(Of("tag"), 1)]);
        log.Facts([new RunFact(Of("section"), Of("fact"), Of("said"))]);
        log.Samples([new RunSample(Of("prompt"), Of("before"), Of("after"))]);
        log.Note(1, Of("kind"), Of("note"));
        log.Note(1, RunNote.Warning, Of("warning"));
        log.Finish(RunStatus.Failed, Of("end"));
    }

    [GeneratedRegex("""https?://[^"' <]+""")]
    private static partial Regex Address();
}
