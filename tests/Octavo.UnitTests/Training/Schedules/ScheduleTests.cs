using System.Text.Json;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Configuration;
using Octavo.Training.Schedules;
using Shouldly;

namespace Octavo.UnitTests.Training.Schedules;

public class ScheduleTests
{
    [Fact]
    public void At_PublishedExample_GivesItsRates()
    {
        var schedule = new Schedule(ScheduleKind.Linear, 1, 3, 100);
        long[] steps = [0, 1, 2, 3, 50, 99, 100];
        double[] expected = [0, .3333, .6667, 1, .5155, .0103, 0];
        foreach (var (step, rate) in steps.Zip(expected))
            schedule.At(step).ShouldBe(rate, 5e-5, $"step {step}");
    }

    [Theory]
    [InlineData(100, 0.03, 3, 3)]
    [InlineData(37, 0.1, 3, 4)]
    [InlineData(20, 0.05, 1, 1)]
    [InlineData(10, 0, 0, 0)]
    [InlineData(7, 1, 7, 7)]
    public void WarmupSteps_BothRoundings_AreThoseOfTheTwoLibraries(long total, double ratio, long truncated, long up)
    {
        Schedule.WarmupSteps(total, ratio, roundUp: false).ShouldBe(truncated);
        Schedule.WarmupSteps(total, ratio, roundUp: true).ShouldBe(up);
    }

    [Fact]
    public void At_EveryGoldenCase_IsTheReference()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Repository.At("golden", "training", "schedules", "cases.json")));
        var compared = 0;
        foreach (var entry in cases.RootElement.EnumerateArray().Where(entry => entry.GetProperty("input").TryGetProperty("steps", out _)))
        {
            var input = entry.GetProperty("input");
            var schedule = ScheduleCase.Of(input);
            var rates = entry.GetProperty("expected").GetProperty("lr").EnumerateArray().Select(rate => rate.GetDouble());
            foreach (var (step, rate) in input.GetProperty("steps").EnumerateArray().Select(step => step.GetInt64()).Zip(rates))
            {
                schedule.At(step).ShouldBe(rate, 1e-12, $"{schedule.Kind}, step {step}");
                compared++;
            }
        }
        compared.ShouldBe(276);
    }

    public static TheoryData<string> Kinds => [.. Enum.GetNames<ScheduleKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void At_EveryStepAndBeyond_StaysBetweenZeroAndThePeak(string name)
    {
        var kind = Enum.Parse<ScheduleKind>(name);
        var options = new ScheduleOptions
        {
            MinLrRate = kind == ScheduleKind.CosineWithMinLr ? 0.1 : null,
            NumDecaySteps = kind == ScheduleKind.WarmupStableDecay ? 5 : null,
        };
        foreach (var warmup in (long[])[0, 1, 7, 20])
        {
            if (kind == ScheduleKind.WarmupStableDecay && warmup == 20)
                continue;
            var schedule = new Schedule(kind, 1e-3, warmup, 20, options);
            for (var step = 0; step <= 40; step++)
                schedule.At(step).ShouldBeInRange(0, 1e-3 * (1 + 1e-12), $"{kind}, warm-up {warmup}, step {step}");
        }
    }

    [Fact]
    public void New_PartsLongerThanTheRun_AreRefusedWithTheNumbers()
    {
        Should.Throw<ConfigException>(() => new Schedule(ScheduleKind.Linear, 1, 11, 10)).Message.ShouldContain("11 steps and the whole run 10");
        Should.Throw<ConfigException>(() => new Schedule(ScheduleKind.WarmupStableDecay, 1, 6, 10, new ScheduleOptions { NumDecaySteps = 5 }))
            .Message.ShouldContain("num_decay_steps");
        Should.Throw<ConfigException>(() => new Schedule(ScheduleKind.WarmupStableDecay, 1, 6, 10)).Message.ShouldContain("num_decay_steps");
        Should.Throw<ConfigException>(() => new Schedule(ScheduleKind.CosineWithMinLr, 1, 0, 10)).Message.ShouldContain("min_lr_rate");
        Should.Throw<ConfigException>(() => new Schedule(ScheduleKind.Polynomial, 1e-8, 0, 10)).Message.ShouldContain("lr_end");
    }

    [Fact]
    public void Create_OfSettings_TakesTheirWarmup()
    {
        new ScheduleConfig().Create(1, 234_836).Warmup.ShouldBe(7045); // 0.03 of the run, truncated
        new ScheduleConfig { WarmupRounding = WarmupRounding.Up }.Create(1, 234_836).Warmup.ShouldBe(7046);
        new ScheduleConfig { WarmupSteps = 12 }.Create(1, 100).Warmup.ShouldBe(12);
        new ScheduleConfig { WarmupRatio = 0.1 }.Create(1, 100).Warmup.ShouldBe(10);
        new ScheduleConfig { LrSchedulerType = ScheduleKind.Constant }.Create(1, 100).At(0).ShouldBe(1);
    }
}
