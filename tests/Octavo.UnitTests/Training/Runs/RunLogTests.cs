using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

public class RunLogTests
{
    [Fact]
    public void Log_ThenRead_EveryPointIsThereAlsoWhatIsNoNumber()
    {
        using var folder = new TemporaryFolder();
        using (var log = RunLog.Create(folder.Path, SampleRuns.Info()))
        {
            log.Log(1, 100, [(RunTags.Loss, 2.5), (RunTags.GradientNorm, double.NaN)]);
            log.Log(2, 200, [(RunTags.Loss, double.PositiveInfinity)]);
            log.Log(2, 200, [(RunTags.EvaluationLoss, 0.1 + 0.2)]);
            log.Note(2, "checkpoint", "checkpoint-2");
            log.Facts([new RunFact("data", "rows", "12"), new RunFact("data", "dropped", "1"), new RunFact("data", "rows", "13")]);
            log.Samples([new RunSample("p", null, "a")]);
            log.Finish(RunStatus.Done);
        }
        using var run = new RunReader(folder.Path);
        run.Header.Status.ShouldBe(RunStatus.Done);
        run.Header.Info.ShouldBe(SampleRuns.Info());
        run.Tags().ShouldBe([RunTags.EvaluationLoss, RunTags.GradientNorm, RunTags.Loss]);
        run.Series(RunTags.Loss).ShouldBe([new RunPoint(1, 2.5), new RunPoint(2, double.PositiveInfinity)]);
        run.Series(RunTags.GradientNorm).ShouldBe([new RunPoint(1, double.NaN)]);
        run.Series(RunTags.EvaluationLoss).ShouldBe([new RunPoint(2, 0.1 + 0.2)]);
        run.Series("no/such").ShouldBeEmpty();
        run.LastStep()!.Value.Tokens.ShouldBe(200);
        run.Notes().Select(note => (note.Step, note.Kind, note.Text)).ShouldBe([(2, "checkpoint", "checkpoint-2")]);
        run.Facts().ShouldBe([new RunFact("data", "rows", "13"), new RunFact("data", "dropped", "1")]);
        run.Samples().ShouldBe([new RunSample("p", null, "a")]);
    }

    [Fact]
    public void Flush_WhileRunning_AnotherReaderSeesThePointsAndThatItRuns()
    {
        using var folder = new TemporaryFolder();
        using var log = RunLog.Create(folder.Path, SampleRuns.Info());
        SampleRuns.Fill(log, 0, 5);
        log.Flush();
        using var run = new RunReader(folder.Path);
        run.Header.Status.ShouldBe(RunStatus.Running);
        run.Series(RunTags.Loss).Count.ShouldBe(5);
    }

    [Fact]
    public void Resume_FromAStep_EqualsAnUninterruptedRun()
    {
        using var folder = new TemporaryFolder();
        var (whole, resumed) = (folder.File("whole"), folder.File("resumed"));
        SampleRuns.Make(whole, SampleRuns.Info(), 30);
        using (var log = RunLog.Create(resumed, SampleRuns.Info()))
        {
            SampleRuns.Fill(log, 0, 20);
            log.Log(21, 0, [("only/after", 1)]);
            log.Note(21, "spike", "gone with its step");
        }
        using (var log = RunLog.Resume(resumed, SampleRuns.Info(), 12))
        {
            SampleRuns.Fill(log, 12, 30);
            log.Finish(RunStatus.Done);
        }
        using var a = new RunReader(whole);
        using var b = new RunReader(resumed);
        b.Tags().ShouldBe(a.Tags());
        foreach (var tag in a.Tags())
            b.Series(tag).ShouldBe(a.Series(tag));
        b.Steps().Select(step => (step.Step, step.Tokens)).ShouldBe(a.Steps().Select(step => (step.Step, step.Tokens)));
        b.Header.Sessions.Select(session => (session.Status, session.FromStep)).ShouldBe([(RunStatus.Failed, 0), (RunStatus.Done, 12)]);
        b.Notes().Select(note => (note.Step, note.Kind, note.Text)).ShouldBe([(12, "resumed", "from step 12; points of the steps to 21 were removed")]);
    }

    [Fact]
    public void Open_WhereItMayNot_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<InputFileException>(() => RunLog.Resume(folder.File("none"), SampleRuns.Info(), 1)).Message.ShouldContain("it is no run");
        using var log = RunLog.Create(folder.Path, SampleRuns.Info());
        Should.Throw<ConfigException>(() => RunLog.Create(folder.Path, SampleRuns.Info())).Message.ShouldContain(log.Id);
        Should.Throw<ConfigException>(() => RunLog.Resume(folder.Path, SampleRuns.Info(), 1)).Message.ShouldContain("is writing this run");
        folder.Write("file", []);
        Should.Throw<ConfigException>(() => RunLog.Create(folder.File("file"), SampleRuns.Info())).Message.ShouldContain("file");
    }

    [Fact]
    public void Log_StepsThatGoBackOrAfterTheEnd_AreRefused()
    {
        using var folder = new TemporaryFolder();
        using var log = RunLog.Create(folder.Path, SampleRuns.Info());
        log.Log(3, 0, []);
        Should.Throw<ArgumentOutOfRangeException>(() => log.Log(2, 0, []));
        Should.Throw<ArgumentOutOfRangeException>(() => log.Finish(RunStatus.Killed));
        log.Finish(RunStatus.Stopped, "ctrl-C");
        Should.Throw<ObjectDisposedException>(() => log.Log(4, 0, []));
        using var run = new RunReader(folder.Path);
        (run.Header.Status, run.Header.Message).ShouldBe((RunStatus.Stopped, "ctrl-C"));
    }

    [Fact]
    public void Dispose_AfterTheEnd_LeavesOneDatabaseFile()
    {
        using var folder = new TemporaryFolder();
        SampleRuns.Make(folder.Path, SampleRuns.Info(), 3);
        Directory.EnumerateFiles(folder.Path, "metrics.sqlite*").Select(Path.GetFileName).ShouldBe(["metrics.sqlite"]);
    }

    [Theory]
    [InlineData("no database at all, but a text that is long enough to be read as a header of one, and then some more of it")]
    [InlineData("")]
    public void Read_ABrokenDatabase_IsOneClearError(string text)
    {
        using var folder = new TemporaryFolder();
        folder.Write(RunDatabase.FileName, System.Text.Encoding.UTF8.GetBytes(text));
        var error = Should.Throw<InputFileException>(() => new RunReader(folder.Path));
        error.Message.ShouldContain(folder.File(RunDatabase.FileName));
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Read_ADatabaseWithBytesOverwritten_IsOneClearError()
    {
        using var folder = new TemporaryFolder();
        SampleRuns.Make(folder.Path, SampleRuns.Info(), 3000);
        var bytes = File.ReadAllBytes(folder.File(RunDatabase.FileName));
        bytes.AsSpan(4096).Fill(0xA5);
        folder.Write(RunDatabase.FileName, bytes);
        Should.Throw<InputFileException>(() => new RunReader(folder.Path)).Message.ShouldContain("cannot be read");
    }
}
