using Octavo.Training.Runs;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

public class ProgressStateTests
{
    private readonly ManualClock _clock = new();

    private ProgressState AfterSteps(int steps, double seconds = 2, long from = 0)
    {
        var state = new ProgressState(_clock);
        for (var i = 1; i <= steps; i++)
        {
            _clock.Move(seconds);
            state.Update(new TrainingStep(from + i, 100, (from + i) * 1000, 3, 2e-5, 1_500_000_000));
        }
        return state;
    }

    [Fact]
    public void Render_Wide_HasEveryPart() => AfterSteps(25).Render(200).ShouldBe(
        "step 25/100  ━━━╌╌╌╌╌╌╌╌╌╌╌  loss 3.000  500 tokens/s  lr 2e-5  50 s  2 min 30 s left  1.5 GB");

    [Fact]
    public void Render_AnyWidth_FitsAndKeepsTheStepLongest()
    {
        var state = AfterSteps(25);
        for (var width = 5; width < 120; width++)
        {
            state.Render(width).Length.ShouldBeLessThanOrEqualTo(width);
            state.Render(width).ShouldStartWith(width < 11 ? "step 25/100"[..width] : "step 25/100");
        }
        state.Render(40).ShouldBe("step 25/100  loss 3.000  2 min 30 s left");
    }

    [Fact]
    public void Rate_AfterASlowFirstStep_ForgetsIt()
    {
        var state = new ProgressState(_clock);
        _clock.Move(300);
        for (var step = 1; step <= 40; step++)
        {
            state.Update(new TrainingStep(step, 100, step * 1000, 3, 1e-3));
            _clock.Move(1);
        }
        state.TokensPerSecond!.Value.ShouldBe(1000, 1e-6);
        state.Left.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Rate_OfAResumedRun_CountsFromTheResumption()
    {
        var state = AfterSteps(4, seconds: 1, from: 50);
        state.TokensPerSecond!.Value.ShouldBe(1000, 1e-6);
        state.Left.ShouldBe(TimeSpan.FromSeconds(46));
        var first = AfterSteps(1, seconds: 1, from: 50);
        first.TokensPerSecond.ShouldBeNull();
        first.Left.ShouldBeNull();
        first.Render(200).ShouldBe("step 51/100  ━━━━━━━╌╌╌╌╌╌╌  loss 3.000  lr 2e-5  1 s  1.5 GB");
    }

    [Fact]
    public void Loss_ThatIsNone_IsShownAndForgottenWithTheNext()
    {
        var state = new ProgressState(_clock);
        state.Render(80).ShouldStartWith("step 0  loss nan");
        state.TokensPerSecond.ShouldBeNull();
        foreach (var loss in new[] { 4, double.NaN })
            state.Update(new TrainingStep(1, 0, 1, loss, 1e-3));
        state.SmoothedLoss.ShouldBe(double.NaN);
        state.Update(new TrainingStep(2, 0, 2, 2, 1e-3));
        state.SmoothedLoss.ShouldBe(((0.9 * 4) + 2) / 1.9, 1e-12);
        state.Left.ShouldBeNull();
    }
}
