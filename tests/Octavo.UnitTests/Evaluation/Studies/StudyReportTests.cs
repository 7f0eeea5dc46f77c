using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Octavo.Evaluation.Charts;
using Octavo.Evaluation.Studies;
using Octavo.Evaluation.Studies.Reporting;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Studies;

public class StudyReportTests
{
    private static readonly StudyPlan _plan = TestStudy.Plan with
    {
        Qualification = new StudyQualification("accuracy", [("method", "full"), ("budget", "all")]),
        Claims =
        [
            new StudyEffect(
                "1", "Dropping loses", "accuracy", StudyEffect.Difference(CellSelection.Of(("method", ["full"])), CellSelection.Of(("method", ["drop"]))), Expected.Positive, 0.2, 3),
            new StudyGate("2", "The full cache answers", "accuracy", CellSelection.Of(("method", ["full"])), AtLeast: 0.9),
        ],
        Views =
        [
            new StudyTable("Accuracy", "accuracy", ["task", "method"], "turn"),
            new StudySummary("Costs", ["accuracy", "stored", "first token"], ["method"]),
            new StudyCurves("Over turns", "accuracy", "turn", ["method"]) { Each = "task" },
            new StudyPareto("Accuracy and memory", "stored", "accuracy", ["method", "budget"]),
        ],
    };

    private static string Page(StudyPlan plan, StudyRows rows) => StudyPage.Make(new StudyReport(plan, rows));

    [Fact]
    public void Make_TheSameRowsInAnyOrder_GiveTheSamePageTableAndFigures()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        var rows = _plan.Cells().Select(cell => TestStudy.Row(TestStudy.Result(cell))).ToList();
        StudyReport.Write(first.Path, _plan, new StudyRows(rows));
        StudyReport.Write(second.Path, _plan, new StudyRows(Enumerable.Reverse(rows)));
        foreach (var name in new[] { StudyReport.PageName, StudyReport.CsvName, StudyReport.JsonName })
            File.ReadAllBytes(Path.Combine(second.Path, name)).ShouldBe(File.ReadAllBytes(Path.Combine(first.Path, name)));
    }

    [Fact]
    public void Make_AfterAKillInTheLastRows_GivesTheSamePage()
    {
        using var folder = new TemporaryFolder();
        var plan = _plan with { Seeds = [0] };
        byte[] Run()
        {
            using var log = StudyLog.Open(folder.Path, plan);
            StudyReport.Write(folder.Path, plan, new StudyRunner(plan, TestStudy.Origin, new Still()).Run(log, (cell, _) => TestStudy.Result(cell), CancellationToken.None));
            return File.ReadAllBytes(Path.Combine(folder.Path, StudyReport.PageName));
        }
        var page = Run();
        var path = Path.Combine(folder.Path, StudyLog.FileName);
        var whole = File.ReadAllBytes(path);
        var start = File.ReadAllLines(path)[..^2].Sum(line => line.Length + 1);
        for (var cut = start; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(path, whole[..cut]);
            Run().ShouldBe(page);
        }
    }

    [Fact]
    public void Mark_OtherTimes_IsTheSameAndOtherAnswersAnother()
    {
        var mark = new StudyReport(_plan, TestStudy.Rows(_plan, cell => TestStudy.Result(cell))).Mark;
        new StudyReport(_plan, TestStudy.Rows(_plan, cell =>
        {
            var result = TestStudy.Result(cell);
            return result with { Metrics = new Dictionary<string, double>(result.Metrics) { ["first token"] = 99 } };
        })).Mark.ShouldBe(mark);
        new StudyReport(_plan, TestStudy.Rows(_plan, cell => TestStudy.Result(cell, 10))).Mark.ShouldNotBe(mark);
    }

    [Fact]
    public void Make_WhatIsMissingOrFailed_IsSaid()
    {
        var cells = _plan.Cells();
        var rows = new StudyRows(cells.Skip(2).Select(cell => TestStudy.Row(cell["task"] == "summary" && cell["method"] == "drop" ? StudyResult.Failed(cell, "no room for <it>") : TestStudy.Result(cell))));
        var page = Page(_plan, rows);
        page.ShouldContain("2 of 24 cells were not run yet");
        page.ShouldContain("6 cells failed");
        page.ShouldContain(">failed</td>");
        page.ShouldContain("no room for &lt;it&gt;");
        page.ShouldContain("inconclusive");
    }

    [Fact]
    public void Make_CellsThatDoNotCount_AreGreyWithTheReason()
    {
        var page = Page(_plan, TestStudy.Rows(_plan, cell => TestStudy.Result(cell, cell["task"] == "summary" ? 4 : 19)));
        page.ShouldContain("class=\"n off\" title=\"full &#183; all reaches 20.0 % where guessing reaches 10.0 %");
        page.ShouldContain("Cells that do not count");
    }

    [Fact]
    public void Make_TextsOfTheUser_AreEscapedAndNothingIsLoaded()
    {
        const string Nasty = "<script>alert('x')</script>&\"";
        var plan = _plan with { Title = Nasty, About = [Nasty], Settings = [("s", Nasty)], Factors = [new(Nasty, [Nasty])], Includes = null, SharedWork = null, Views = [], Claims = [], Qualification = null };
        var page = Page(plan, new StudyRows(plan.Cells().Select(cell => TestStudy.Row(StudyResult.Failed(cell, Nasty)))));
        page.ShouldNotContain("<script");
        page.ShouldContain("default-src 'none'");
        page.ShouldNotContain("http-equiv=\"refresh");
        // the page is well-formed but for what HTML leaves open
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        Should.NotThrow(() => XElement.Parse(body));
    }

    [Fact]
    public void Make_ClaimsAndTables_ShowFiguresWithIntervals()
    {
        var page = Page(_plan, TestStudy.Rows(_plan, cell => TestStudy.Result(cell)));
        // full 19 of 20; drop (12 + 6) / 2 + the seeds' 0, 1, 2: 10 of 20
        page.ShouldContain("45.0 points");
        page.ShouldContain("at least +20.0 points, 3 runs");
        page.ShouldContain("<td class=\"good\">holds</td>");
        page.ShouldContain("95.0 %<small>");
        page.ShouldContain("8.2 kB");
        page.ShouldContain(">10.0 %</td>");
    }

    [Fact]
    public void Make_ReportJson_HasWhatTheRowsHave()
    {
        using var folder = new TemporaryFolder();
        StudyReport.Write(folder.Path, _plan, TestStudy.Rows(_plan, cell => TestStudy.Result(cell)));
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, StudyReport.JsonName)));
        var root = document.RootElement;
        root.GetProperty("cells").GetInt32().ShouldBe(24);
        var row = root.GetProperty("views")[0].GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("task").GetString() == "kv" && row.GetProperty("method").GetString() == "drop");
        // turn 2, 20 samples of each of three seeds: 6, 7 and 8 right
        var figure = row.GetProperty("figures").EnumerateArray().Single(figure => figure.GetProperty("column").GetString() == "2");
        figure.GetProperty("value").GetDouble().ShouldBe(0.35, 1e-12);
        figure.GetProperty("samples").GetInt32().ShouldBe(60);
        figure.GetProperty("chance").GetDouble().ShouldBe(0.1, 1e-12);
        root.GetProperty("claims")[0].GetProperty("verdict").GetString().ShouldBe("holds");
        root.GetProperty("claims")[0].GetProperty("value").GetDouble().ShouldBe(0.45, 1e-12);
    }

    [Fact]
    public void Make_Csv_HasALineOfEachRowAndQuotesWhatNeedsIt()
    {
        var plan = _plan with { Factors = [new("a,b", ["plain", "with \"quotes\", and"])], Includes = null, SharedWork = null, Views = [], Claims = [], Qualification = null, Seeds = [7] };
        var rows = new StudyRows(plan.Cells().Select((cell, i) => TestStudy.Row(i == 0
            ? new StudyResult(cell) { Metrics = new Dictionary<string, double> { ["chance"] = 0.1 }, Samples = new Dictionary<string, IReadOnlyList<double>> { ["accuracy"] = [1, 0, 0] } }
            : StudyResult.Failed(cell, "two\nlines"))));
        StudyCsv.Make(new StudyReport(plan, rows)).ShouldBe(
            "\"a,b\",seed,accuracy,chance,stored,first token,samples,seconds,counts,failure,commit,machine,command\n"
            + string.Create(CultureInfo.InvariantCulture, $"plain,7,{1.0 / 3:R},0.1,,,3,1.5,yes,,abc1234,\"a processor, 2 processors\",octavo study memory\n")
            + "\"with \"\"quotes\"\", and\",7,,,,,0,1.5,yes,\"two\nlines\",abc1234,\"a processor, 2 processors\",octavo study memory\n");
    }

    [Fact]
    public void Front_OfPoints_AreThoseThatNoneBeats()
    {
        // bytes against accuracy: (1, 0.5) and (4, 0.9) are the front, (2, 0.5) and (4, 0.8) are beaten, (1, 0.5) twice is twice on it
        StudyCharts.Front([(1, 0.5), (4, 0.9), (2, 0.5), (4, 0.8), (1, 0.5)], Better.Lower, Better.Higher).ShouldBe([true, true, false, false, true]);
        StudyCharts.Front([(1, 0.5), (4, 0.9), (2, 0.5)], Better.Higher, Better.Higher).ShouldBe([false, true, false]);
    }

    [Fact]
    public void Of_CurvesAndPareto_AreChartsWithBandsAndGuessing()
    {
        var report = new StudyReport(_plan, TestStudy.Rows(_plan, cell => TestStudy.Result(cell)));
        report.Views[2].Tables.Count.ShouldBe(2);
        var curves = StudyCharts.Of(report.Views[2].Tables[0], _plan).ShouldBeOfType<LineChart>();
        curves.Series.Select(series => series.Name).ShouldBe(["full", "drop", "guessing"]);
        curves.Series[1].Points.Select(point => point.Y).ShouldBe([0.65, 0.35], 1e-12);
        curves.Series[1].Band.ShouldAllBe(band => band.Low < 0.65 && band.High > 0.35);
        curves.XNames.ShouldBe(["1", "2"]);
        XElement.Parse(curves.ToFile()).ShouldNotBeNull();
        var pareto = StudyCharts.Of(report.Views[3].Tables[0], _plan).ShouldBeOfType<ScatterChart>();
        pareto.Points.Select(point => (point.Name, point.IsFront)).ShouldBe([("full all", true), ("drop 8", true)]);
    }

    private sealed class Still : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
