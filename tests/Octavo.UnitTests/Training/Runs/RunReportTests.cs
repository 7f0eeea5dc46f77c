using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

public partial class RunReportTests
{
    private const string Evil = "<script>alert(1)</script> & \"'";

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
        var info = new RunInfo(Evil, Evil, $"a: '{Evil.Replace("'", "''", StringComparison.Ordinal)}'", 1, Evil, Evil, Evil);
        using (var log = RunLog.Create(folder.Path, info))
        {
            log.Log(1, 1, [(Evil, 1)]);
            log.Facts([new RunFact(Evil, Evil, Evil)]);
            log.Samples([new RunSample(Evil, Evil, Evil)]);
            log.Note(1, Evil, Evil);
            log.Note(1, RunNote.Warning, Evil);
            log.Finish(RunStatus.Failed, Evil);
        }
        var page = File.ReadAllText(RunReport.Write(folder.Path));
        page.ShouldNotContain("<script");
        Regex.Count(page, Regex.Escape("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#39;")).ShouldBeGreaterThan(14);
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

    [GeneratedRegex("""https?://[^"' <]+""")]
    private static partial Regex Address();
}
