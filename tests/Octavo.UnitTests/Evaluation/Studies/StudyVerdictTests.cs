using Octavo.Evaluation.Metrics;
using Octavo.Evaluation.Studies;
using Octavo.Evaluation.Studies.Judging;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Studies;

public class StudyVerdictTests
{
    private static readonly StudyPlan _plan = new()
    {
        Name = "two",
        Factors = [new("task", ["a", "b"], SharesSamples: false), new("method", ["full", "drop"])],
        Seeds = [0, 1, 2],
        Metrics = [new("accuracy", StudyMetric.Share, Better.Higher) { Chance = "chance" }, new("chance", StudyMetric.Share, Better.Neither), new("time", "ms", Better.Lower)],
    };

    private static CellSelection Method(string name) => CellSelection.Of(("method", [name]));

    private static StudyEffect Effect(string metric, Expected expected, double smallest, int runs = 3) =>
        new("e", "full is more than drop", metric, StudyEffect.Difference(Method("full"), Method("drop")), expected, smallest, runs);

    /// <summary>Rows whose time is given by method and seed; the same for both tasks.</summary>
    private static StudyVerdict OfTimes(StudyClaim claim, double[] full, double[] drop) => StudyVerdict.Of(claim, new StudyFigures(_plan, TestStudy.Rows(_plan, cell =>
        new StudyResult(cell) { Metrics = new Dictionary<string, double> { ["time"] = (cell["method"] == "full" ? full : drop)[cell.Seed] } })));

    private static StudyFigures OfShares(Func<StudyCell, double[]> samples, double chance = 0.1) => new(_plan, TestStudy.Rows(_plan, cell => new StudyResult(cell)
    {
        Metrics = new Dictionary<string, double> { ["chance"] = chance },
        Samples = new Dictionary<string, IReadOnlyList<double>> { ["accuracy"] = samples(cell) },
    }));

    private static double[] First(int right, int of) => [.. Enumerable.Range(0, of).Select(i => i < right ? 1.0 : 0.0)];

    [Theory]
    // differences 10, 10, 10: no width
    [InlineData(Expected.Positive, 5, new double[] { 20, 21, 22 }, new double[] { 10, 11, 12 }, "holds", "")]
    [InlineData(Expected.Positive, 15, new double[] { 20, 21, 22 }, new double[] { 10, 11, 12 }, "does not hold", "it is smaller than what counts")]
    [InlineData(Expected.Negative, 5, new double[] { 20, 21, 22 }, new double[] { 10, 11, 12 }, "does not hold", "it goes the other way")]
    [InlineData(Expected.Negative, 5, new double[] { 10, 11, 12 }, new double[] { 20, 21, 22 }, "holds", "")]
    // differences 2, 10, 18: the mean is 10, but an interval of draws of three goes from 2 to 18
    [InlineData(Expected.Positive, 5, new double[] { 12, 21, 30 }, new double[] { 10, 11, 12 }, "inconclusive", "the interval is wider than half the effect")]
    // differences 0, 1, -1: far below 10, and told apart from it
    [InlineData(Expected.Positive, 10, new double[] { 10, 12, 11 }, new double[] { 10, 11, 12 }, "does not hold", "it is smaller than what counts")]
    [InlineData(Expected.AboutZero, 1, new double[] { 10, 12, 11 }, new double[] { 10, 11, 12 }, "holds", "the interval lies within the bound")]
    [InlineData(Expected.AboutZero, 0.5, new double[] { 10, 12, 11 }, new double[] { 10, 11, 12 }, "inconclusive", "the interval crosses the bound")]
    [InlineData(Expected.AboutZero, 5, new double[] { 20, 21, 22 }, new double[] { 10, 11, 12 }, "does not hold", "the interval lies outside the bound")]
    public void Of_EffectsOfThreeSeeds_FollowTheRule(object expected, double smallest, double[] full, double[] drop, string verdict, string reason)
    {
        var judged = OfTimes(Effect("time", (Expected)expected, smallest), full, drop);
        judged.Figure.Value.ShouldBe(full.Average() - drop.Average(), 1e-12);
        (StudyVerdict.Name(judged.Outcome), judged.Reason).ShouldBe((verdict, reason));
    }

    [Fact]
    public void Of_ASeedWithoutACell_IsLeftOutAndTooFewRunsAreInconclusive()
    {
        var verdict = OfTimes(Effect("time", Expected.Positive, 5), [20, double.NaN, 22], [10, 11, 12]);
        verdict.Outcome.ShouldBe(Outcome.Inconclusive);
        verdict.Figure.Seeds.ShouldBe(2);
        verdict.Figure.Value.ShouldBe(10);
        verdict.Reason.ShouldBe("2 of 3 runs are whole; seed 1 is left out: task=a|method=full|seed=1 has no value");
        OfTimes(Effect("time", Expected.Positive, 5, runs: 2), [20, double.NaN, 22], [10, 11, 12]).Outcome.ShouldBe(Outcome.Holds);
    }

    [Fact]
    public void Of_OneRunWithoutSamples_HasNoInterval()
    {
        var plan = _plan with { Seeds = [0] };
        var rows = TestStudy.Rows(plan, cell => new StudyResult(cell) { Metrics = new Dictionary<string, double> { ["time"] = cell["method"] == "full" ? 2 : 1 } });
        var verdict = StudyVerdict.Of(Effect("time", Expected.Positive, 0.5, runs: 1), new StudyFigures(plan, rows));
        (verdict.Outcome, verdict.Reason).ShouldBe((Outcome.Inconclusive, "there is no interval"));
    }

    [Fact]
    public void Of_PairedShares_CancelWhatIsCommonToTheSamples()
    {
        // every sample that drop gets right full gets right too
        var paired = OfShares(cell => First(cell["method"] == "full" ? 60 : 50, 100)).Of(Effect("accuracy", Expected.Positive, 0.05)).Figure;
        // as many right, but others
        var crossed = OfShares(cell => cell["method"] == "full" ? First(60, 100) : [.. First(50, 100).Reverse()]).Of(Effect("accuracy", Expected.Positive, 0.05)).Figure;
        paired.Value.ShouldBe(0.1, 1e-12);
        crossed.Value.ShouldBe(0.1, 1e-12);
        paired.Interval.Width.ShouldBeLessThan(0.75 * crossed.Interval.Width);
        paired.Interval.Low.ShouldBeGreaterThan(0);
        paired.Samples.ShouldBe(2 * 2 * 3 * 100);
    }

    [Fact]
    public void Of_SharesThatAreAllOrNone_StillHaveWidth()
    {
        var figure = OfShares(cell => First(cell["method"] == "full" ? 10 : 0, 10)).Of(Effect("accuracy", Expected.Positive, 0.5)).Figure;
        figure.Value.ShouldBe(1);
        // Newcombe: both Wilson intervals of 60 leave 0.0602 to the middle, independent as nothing varies: sqrt(2) times that
        figure.Interval.Low.ShouldBe(1 - (Math.Sqrt(2) * (1 - Interval.Wilson(60, 60).Low)), 1e-9);
        figure.Interval.High.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Of_NewcombesTable_GivesHisTenthMethod()
    {
        // Newcombe 1998, paired: 36 both, 12 first only, 2 second only, 0 neither; without his correction for continuity, by hand
        double[] first = [.. First(48, 50)], second = [.. First(36, 48), 1, 1];
        var value = (48.0 - 38.0) / 50;
        var interval = ShareSpread.Of([(1, new() { ["s"] = first }), (-1, new() { ["s"] = second })], value);
        var (a, b) = (Interval.Wilson(48, 50), Interval.Wilson(38, 50));
        var phi = ((36.0 * 0) - (12.0 * 2)) / Math.Sqrt(48.0 * 2 * 38 * 12);
        var (down, up) = (0.96 - a.Low, b.High - 0.76);
        interval.Low.ShouldBe(value - Math.Sqrt((down * down) - (2 * phi * down * up) + (up * up)), 1e-9);
        (down, up) = (a.High - 0.96, 0.76 - b.Low);
        interval.High.ShouldBe(value + Math.Sqrt((down * down) - (2 * phi * down * up) + (up * up)), 1e-9);
    }

    [Fact]
    public void Of_ADifferenceOfDifferences_AddsItsTermsWithTheirWeights()
    {
        CellSelection At(string task, string method) => CellSelection.Of(("task", [task]), ("method", [method]));
        var effect = new StudyEffect(
            "d", "a loses more than b", "accuracy", [new(1, At("a", "full")), new(-1, At("a", "drop")), new(-1, At("b", "full")), new(1, At("b", "drop"))], Expected.Positive, 0.2, 3);
        var verdict = StudyVerdict.Of(effect, OfShares(cell => First((cell["task"], cell["method"]) switch { ("a", "full") => 190, ("a", _) => 20, ("b", "full") => 190, _ => 160 }, 200)));
        verdict.Figure.Value.ShouldBe(0.95 - 0.1 - (0.95 - 0.8), 1e-9);
        verdict.Outcome.ShouldBe(Outcome.Holds);
    }

    [Theory]
    [InlineData(0.9, null, "holds")]
    [InlineData(0.96, null, "does not hold")]
    [InlineData(null, 0.95, "holds")]
    [InlineData(null, 0.9, "does not hold")]
    public void Of_Gates_CompareTheMean(double? least, double? most, string verdict) =>
        StudyVerdict.Name(StudyVerdict.Of(new StudyGate("g", "s", "accuracy", Method("full"), least, most, 3), OfShares(_ => First(95, 100))).Outcome).ShouldBe(verdict);

    [Fact]
    public void Of_TasksThatTheModelCannotDo_AreLeftOutAndNamed()
    {
        var plan = _plan with { Qualification = new StudyQualification("accuracy", [("method", "full")]) };
        var rows = TestStudy.Rows(plan, cell => new StudyResult(cell)
        {
            Metrics = new Dictionary<string, double> { ["chance"] = 0.25 },
            Samples = new Dictionary<string, IReadOnlyList<double>> { ["accuracy"] = First(cell["task"] == "a" ? (cell["method"] == "full" ? 100 : 20) : 44, 100) },
        });
        var figures = new StudyFigures(plan, rows);
        var verdict = StudyVerdict.Of(Effect("accuracy", Expected.Positive, 0.5), figures);
        verdict.Figure.Value.ShouldBe(0.8, 1e-12);
        verdict.Outcome.ShouldBe(Outcome.Holds);
        verdict.Reason.ShouldBe("6 of 12 cells do not count and are left out");
        var cells = figures.Cells.Where(cell => cell["task"] == "b").ToList();
        figures.Mean(plan.Metric("accuracy"), cells).Off.ShouldBe("full reaches 44.0 % where guessing reaches 25.0 %: less than 20 points above, the model cannot do this");
        figures.Mean(plan.Metric("accuracy"), figures.Cells).Off.ShouldBeNull();
    }

    [Fact]
    public void Off_JudgedByTaskAlone_AveragesTheRest()
    {
        // of kv turn 1 is below the bar by itself, both turns together are not
        var plan = TestStudy.Plan with { Qualification = new StudyQualification("accuracy", [("method", "full"), ("budget", "all")]) { Apart = ["task"] } };
        var rows = TestStudy.Rows(plan, cell => TestStudy.Result(cell, cell["task"] == "summary" ? 3 : cell["turn"] == "1" ? 2 : 19));
        var figures = new StudyFigures(plan, rows);
        figures.Cells.Where(cell => figures.Off(cell) is not null).ShouldAllBe(cell => cell["task"] == "summary");
        figures.Cells.Count(cell => figures.Off(cell) is not null).ShouldBe(12);
        var each = new StudyFigures(plan with { Qualification = plan.Qualification with { Apart = null } }, rows);
        each.Cells.Where(cell => each.Off(cell) is null).ShouldAllBe(cell => cell["task"] == "kv" && cell["turn"] == "2");
    }

    [Fact]
    public void Mean_OfSeveralSeeds_IsAtLeastAsWideAsWilsonAndAsTheSeeds()
    {
        var figures = OfShares(cell => First(50 + (20 * (int)cell.Seed), 100));
        var figure = figures.Mean(_plan.Metric("accuracy"), figures.Cells);
        (figure.Seeds, figure.Samples).ShouldBe((3, 1200));
        figure.Value.ShouldBe(0.7, 1e-12);
        // three equal seeds of three are drawn in more than 2.5 % of the draws
        figure.Interval.Low.ShouldBe(0.5, 1e-9);
        figure.Interval.High.ShouldBe(0.9, 1e-9);
        var even = OfShares(_ => First(70, 100)).Mean(_plan.Metric("accuracy"), figures.Cells);
        even.Interval.ShouldBe(Interval.Wilson(840, 1200));
    }
}
