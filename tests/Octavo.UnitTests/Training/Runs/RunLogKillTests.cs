using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Octavo.TestKit;
using Octavo.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

/// <summary>A process that writes a run is killed: the run is readable, and resumed it equals one that was not.</summary>
public class RunLogKillTests
{
    private const string Variable = "OCTAVO_TEST_RUN_FOLDER";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    /// <summary>What the child process does; it ends only by a kill.</summary>
    [Fact(Explicit = true)]
    public void Child_WithAFolder_LogsUntilKilled()
    {
        var folder = Environment.GetEnvironmentVariable(Variable).ShouldNotBeNull();
        using var log = RunLog.Create(folder, SampleRuns.Info());
        for (var step = 1L; step < long.MaxValue; step++)
        {
            SampleRuns.Fill(log, step - 1, step);
            if (step % 500 == 0)
                log.Flush();
        }
    }

    [Fact]
    public void Kill_WhileWriting_LeavesAReadableRunThatResumesToTheSame()
    {
        using var folder = new TemporaryFolder();
        using var child = Start(folder.File("run"));
        try
        {
            WaitForSteps(folder.File("run"), child);
            using (var running = new RunReader(folder.File("run")))
                running.Header.Status.ShouldBe(RunStatus.Running);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
        var last = Check(folder.File("run"));
        using (var log = RunLog.Resume(folder.File("run"), SampleRuns.Info(), last / 2))
        {
            SampleRuns.Fill(log, last / 2, last + 10);
            log.Finish(RunStatus.Done);
        }
        SampleRuns.Make(folder.File("whole"), SampleRuns.Info(), last + 10);
        using var resumed = new RunReader(folder.File("run"));
        using var whole = new RunReader(folder.File("whole"));
        resumed.Header.Sessions.Select(session => session.Status).ShouldBe([RunStatus.Killed, RunStatus.Done]);
        foreach (var tag in whole.Tags())
            resumed.Series(tag).ShouldBe(whole.Series(tag));
    }

    /// <summary>The newest step of a sound database that holds every step up to it.</summary>
    private static long Check(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={RunDatabase.PathIn(folder)};Pooling=False");
        connection.Open();
        connection.Scalar("PRAGMA integrity_check").ShouldBe("ok");
        using var run = new RunReader(folder);
        run.Header.Status.ShouldBe(RunStatus.Killed);
        run.Header.Sessions[0].Ended.ShouldNotBeNull();
        var points = run.Series(RunTags.Loss);
        points.Count.ShouldBeGreaterThanOrEqualTo(1000);
        points.ShouldBe(Enumerable.Range(1, points.Count).Select(step => new RunPoint(step, SampleRuns.Loss(step))));
        return points.Count;
    }

    private static Process Start(string folder)
    {
        var method = $"{typeof(RunLogKillTests).FullName}.{nameof(Child_WithAFolder_LogsUntilKilled)}";
        var start = new ProcessStartInfo("dotnet", [typeof(RunLogKillTests).Assembly.Location, "-method", method, "-explicit", "only"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = folder;
        return Process.Start(start).ShouldNotBeNull();
    }

    private static void WaitForSteps(string folder, Process child)
    {
        var watch = Stopwatch.StartNew();
        while (!RunDatabase.IsIn(folder) || Steps(folder) < 1000)
        {
            child.HasExited.ShouldBeFalse();
            watch.Elapsed.ShouldBeLessThan(_patience);
            Thread.Sleep(20); // for another process there is nothing else to wait on
        }
    }

    private static long Steps(string folder)
    {
        try
        {
            using var run = new RunReader(folder);
            return run.LastStep()?.Step ?? 0;
        }
        catch (Octavo.Core.InputFileException)
        {
            return 0; // its tables are not there yet
        }
    }
}
