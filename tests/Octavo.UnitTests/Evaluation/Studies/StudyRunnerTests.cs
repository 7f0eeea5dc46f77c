using System.IO.Compression;
using System.Text;
using Octavo.Core;
using Octavo.Evaluation.Studies;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Evaluation.Studies;

public class StudyRunnerTests
{
    private static readonly StudyPlan _plan = TestStudy.Plan with { Seeds = [0] };

    private static StudyRunner Runner(StudyPlan plan) => new(plan, TestStudy.Origin, new StillClock());

    private static byte[] RunAll(string folder, StudyPlan plan, Action<StudyCell>? before = null)
    {
        using (var log = StudyLog.Open(folder, plan))
        {
            Runner(plan).Run(log, (cell, _) =>
            {
                before?.Invoke(cell);
                return TestStudy.Result(cell);
            }, CancellationToken.None);
        }
        return File.ReadAllBytes(Path.Combine(folder, StudyLog.FileName));
    }

    [Fact]
    public void Run_CutAtEveryByteOfTheLastTwoRows_GoesOnToTheSameFile()
    {
        using var folder = new TemporaryFolder();
        var whole = RunAll(folder.Path, _plan);
        var lines = Encoding.UTF8.GetString(whole).Split('\n');
        var lastTwo = Encoding.UTF8.GetByteCount(lines[^2] + lines[^3]) + 2;
        for (var cut = whole.Length - lastTwo; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(Path.Combine(folder.Path, StudyLog.FileName), whole[..cut]);
            List<StudyCell> ran = [];
            RunAll(folder.Path, _plan, ran.Add).ShouldBe(whole);
            ran.Count.ShouldBe(cut < whole.Length - lines[^2].Length - 1 ? 2 : 1);
        }
    }

    [Fact]
    public void Rows_ThatArePacked_AreReadAndGoneOnWith_AndDamagedOnesAreRefused()
    {
        using var folder = new TemporaryFolder();
        var whole = RunAll(folder.Path, _plan);
        var path = Path.Combine(folder.Path, StudyLog.FileName);
        using (var packed = new GZipStream(File.Create(path + ".gz"), CompressionLevel.SmallestSize))
            packed.Write(whole);
        File.Delete(path);
        StudyLog.Read(folder.Path, _plan).Bytes.ShouldBe(whole.Length);
        File.Exists(path).ShouldBeFalse();
        List<StudyCell> ran = [];
        RunAll(folder.Path, _plan with { Seeds = [0, 1] }, ran.Add)[..whole.Length].ShouldBe(whole);
        ran.ShouldAllBe(cell => cell.Seed == 1);
        File.Delete(path);
        File.WriteAllText(path + ".gz", "no gzip");
        Should.Throw<InputFileException>(() => StudyLog.Read(folder.Path, _plan)).Message.ShouldContain("damaged");
    }

    [Fact]
    public void Open_ACutLine_SaysHowManyBytesWereCutAway()
    {
        using var folder = new TemporaryFolder();
        var whole = RunAll(folder.Path, _plan);
        File.WriteAllBytes(Path.Combine(folder.Path, StudyLog.FileName), [.. whole, .. "{\"cell\":"u8]);
        StudyLog.Read(folder.Path, _plan).CutBytes.ShouldBe(8);
        using (var log = StudyLog.Open(folder.Path, _plan))
            log.Rows.CutBytes.ShouldBe(8);
        File.ReadAllBytes(Path.Combine(folder.Path, StudyLog.FileName)).ShouldBe(whole);
    }

    [Fact]
    public void Open_ABadLineBeforeTheEnd_TellsItsNumber()
    {
        using var folder = new TemporaryFolder();
        var lines = Encoding.UTF8.GetString(RunAll(folder.Path, _plan)).Split('\n');
        foreach (var wrong in new[] { "{\"cell\":", "", "null", lines[3], lines[2].Replace("\"kv\"", "\"other\"", StringComparison.Ordinal), lines[2].Replace("0.95", "0.9", StringComparison.Ordinal) })
        {
            File.WriteAllText(Path.Combine(folder.Path, StudyLog.FileName), string.Join('\n', [.. lines[..2], wrong, .. lines[3..]]));
            var isTwice = wrong == lines[3];
            Should.Throw<InputFileException>(() => StudyLog.Open(folder.Path, _plan)).Message.ShouldContain(isTwice ? "line 4" : "line 3");
        }
    }

    [Fact]
    public void Open_RowsOfAnotherPlan_AreRefusedWithTheDifference()
    {
        using var folder = new TemporaryFolder();
        RunAll(folder.Path, _plan);
        var message = Should.Throw<ConfigException>(() => StudyLog.Open(folder.Path, _plan with { Settings = [("samples", "40")] })).Message;
        message.ShouldContain("samples 20; samples 40");
        Should.Throw<ConfigException>(() => StudyLog.Read(folder.Path, _plan with { Name = "other" })).Message.ShouldContain("study other");
    }

    [Fact]
    public void Open_AGrownPlan_RunsOnlyWhatIsNew()
    {
        using var folder = new TemporaryFolder();
        RunAll(folder.Path, _plan);
        List<StudyCell> ran = [];
        RunAll(folder.Path, TestStudy.Plan, ran.Add);
        ran.Count.ShouldBe(16);
        ran.ShouldAllBe(cell => cell.Seed > 0);
    }

    [Fact]
    public void Open_ByTwo_TheSecondIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var first = StudyLog.Open(folder.Path, _plan);
        Should.Throw<ResourceException>(() => StudyLog.Open(folder.Path, _plan)).Message.ShouldContain("running elsewhere");
    }

    [Fact]
    public void Run_AGroupPartlyThere_IsAskedForTheRest()
    {
        using var folder = new TemporaryFolder();
        List<int> asked = [];
        IEnumerable<StudyResult> Group(IReadOnlyList<StudyCell> cells, int most)
        {
            asked.Add(cells.Count);
            return cells.Reverse().Take(most).Select(cell => TestStudy.Result(cell));
        }
        using (var log = StudyLog.Open(folder.Path, _plan))
            Should.Throw<EvaluationException>(() => Runner(_plan).RunGroups(log, (cells, _) => Group(cells, 3), CancellationToken.None)).Message.ShouldContain("without 1 of its cells");
        using (var log = StudyLog.Open(folder.Path, _plan))
        {
            var rows = Runner(_plan).RunGroups(log, (cells, _) => Group(cells, 99), CancellationToken.None);
            rows.Count.ShouldBe(8);
            rows[_plan.Cells()[0]]!["accuracy"].ShouldBe(0.95);
        }
        asked.ShouldBe([4, 1, 4]);
    }

    [Fact]
    public void Run_ACellThatFails_IsARowAndIsRunAgainOnlyIfAsked()
    {
        using var folder = new TemporaryFolder();
        StudyResult Fail(StudyCell cell) => cell["task"] == "kv" ? throw new UnsupportedException("no such method here.") : TestStudy.Result(cell);
        using var log = StudyLog.Open(folder.Path, _plan);
        var rows = Runner(_plan).Run(log, (cell, _) => Fail(cell), CancellationToken.None);
        rows[_plan.Cells()[0]]!.Result.Failure.ShouldBe("no such method here.");
        rows[_plan.Cells()[0]]!["accuracy"].ShouldBe(double.NaN);
        rows.Count.ShouldBe(8);
        Runner(_plan).Run(log, (cell, _) => throw new InvalidOperationException("ran again"), CancellationToken.None).Count.ShouldBe(8);
        var retried = new StudyRunner(_plan, TestStudy.Origin) { RetriesFailures = true }.Run(log, (cell, _) => TestStudy.Result(cell), CancellationToken.None);
        retried[_plan.Cells()[0]]!["accuracy"].ShouldBe(0.95);
        log.Dispose();
        StudyLog.Read(folder.Path, _plan)[_plan.Cells()[0]]!["accuracy"].ShouldBe(0.95);
    }

    [Fact]
    public void Run_AGroupThatThrows_FailsWhatIsOpenAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        static IEnumerable<StudyResult> Group(IReadOnlyList<StudyCell> cells)
        {
            yield return TestStudy.Result(cells[0]);
            if (cells[0]["task"] == "kv")
                throw new ResourceException("the context is full.");
            foreach (var cell in cells.Skip(1))
                yield return TestStudy.Result(cell);
        }
        using var log = StudyLog.Open(folder.Path, _plan);
        var rows = Runner(_plan).RunGroups(log, (cells, _) => Group(cells), CancellationToken.None);
        _plan.Cells().Select(cell => rows[cell]!.Result.Failure).ShouldBe([null, .. Enumerable.Repeat("the context is full.", 3), null, null, null, null]);
    }

    [Fact]
    public void Run_AConfigurationThatIsWrong_EndsTheStudy()
    {
        using var folder = new TemporaryFolder();
        using var log = StudyLog.Open(folder.Path, _plan);
        Should.Throw<ConfigException>(() => Runner(_plan).Run(log, (_, _) => throw new ConfigException("no model."), CancellationToken.None));
        log.Rows.Count.ShouldBe(0);
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatIsDoneAndTellsProgress()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var told = new Told();
        using (var log = StudyLog.Open(folder.Path, _plan))
        {
            var runner = new StudyRunner(_plan, TestStudy.Origin) { Progress = told };
            Should.Throw<OperationCanceledException>(() => runner.Run(log, (cell, _) =>
            {
                if (cell["turn"] == "2")
                    source.Cancel();
                return TestStudy.Result(cell);
            }, source.Token));
        }
        StudyLog.Read(folder.Path, _plan).Count.ShouldBe(2);
        told.All.Select(progress => (progress.Done, progress.Total)).ShouldBe([(0, 8), (1, 8), (2, 8)]);
    }

    [Fact]
    public void Add_WhatThePlanDoesNotAllow_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var log = StudyLog.Open(folder.Path, _plan);
        var cell = _plan.Cells()[0];
        Dictionary<string, double>[] wrong = [new() { ["speed"] = 1 }, new() { ["chance"] = 1.5 }, new() { ["stored"] = double.PositiveInfinity }];
        foreach (var metrics in wrong)
            Should.Throw<EvaluationException>(() => log.Add(TestStudy.Row(new StudyResult(cell) { Metrics = metrics })));
        log.Add(TestStudy.Row(new StudyResult(cell) { Metrics = new Dictionary<string, double> { ["stored"] = double.NaN } }));
        Should.Throw<EvaluationException>(() => log.Add(TestStudy.Row(TestStudy.Result(cell)))).Message.ShouldContain("row already");
        log.Dispose();
        StudyLog.Read(folder.Path, _plan)[cell]!["stored"].ShouldBe(double.NaN);
    }

    private sealed class Told : IProgress<StudyProgress>
    {
        public List<StudyProgress> All { get; } = [];

        public void Report(StudyProgress value) => All.Add(value);
    }

    /// <summary>A clock that stands still, so that rows are the same.</summary>
    private sealed class StillClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
