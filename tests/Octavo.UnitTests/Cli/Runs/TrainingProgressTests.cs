using Octavo.Cli.Output;
using Octavo.Cli.Runs;
using Octavo.Training.Runs;
using Octavo.UnitTests.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Cli.Runs;

public class TrainingProgressTests
{
    private static string Run(bool isTerminal, bool isQuiet, Action<TrainingProgress, ManualClock> use)
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal(TextReader.Null, TextWriter.Null, error) { ShowsProgress = isTerminal, Width = 81 };
        var clock = new ManualClock();
        using (var progress = new TrainingProgress(terminal, isQuiet, clock))
            use(progress, clock);
        return error.ToString();
    }

    private static void Steps(TrainingProgress progress, ManualClock clock, int count)
    {
        for (var step = 1; step <= count; step++)
        {
            clock.Move(1);
            progress.Report(new TrainingStep(step, count, step * 100, 2, 1e-3));
        }
    }

    [Fact]
    public void Report_OnATerminal_RedrawsOneLineAndLeavesTheLast()
    {
        var text = Run(isTerminal: true, isQuiet: false, (progress, clock) =>
        {
            Steps(progress, clock, 3);
            progress.Note("checkpoint-3 saved");
            progress.Finish();
        });
        text.Split("\r\e[K").Select(line => line.Split("  ")[0].TrimEnd('\n')).ShouldBe(
            ["", "step 1/3", "step 2/3", "step 3/3", "octavo: checkpoint-3 saved", "step 3/3", "step 3/3"]);
        text.Count(letter => letter == '\n').ShouldBe(2);
        text.ShouldEndWith("0 s left\n");
    }

    [Fact]
    public void Report_OffATerminal_IsAPlainLineEveryTenSecondsAndAtTheEnd()
    {
        var text = Run(isTerminal: false, isQuiet: false, (progress, clock) =>
        {
            Steps(progress, clock, 25);
            progress.Finish();
        });
        text.ShouldNotContain('\e');
        text.TrimEnd('\n').Split('\n').Select(line => line.Split("  ")[0]).ShouldBe(["step 1/25", "step 11/25", "step 21/25", "step 25/25"]);
    }

    [Fact]
    public void Report_AResumedRun_HasTheRateOfItsOwnStepsOnly()
    {
        var text = Run(isTerminal: false, isQuiet: false, (progress, clock) =>
        {
            for (var step = 5001; step <= 5011; step++)
            {
                clock.Move(1);
                progress.Report(new TrainingStep(step, 6000, step * 100, 2, 1e-3));
            }
        });
        var lines = text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(2);
        lines[0].ShouldNotContain("tokens/s");
        lines[0].ShouldNotContain("left");
        lines[1].ShouldContain("100 tokens/s");
        lines[1].ShouldContain("16 min 29 s left");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Report_Quiet_SaysNothing(bool isTerminal) => Run(isTerminal, isQuiet: true, (progress, clock) =>
    {
        Steps(progress, clock, 30);
        progress.Note("x");
        progress.Finish();
    }).ShouldBeEmpty();
}
