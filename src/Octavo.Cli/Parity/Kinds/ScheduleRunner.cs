using System.Text.Json;
using Octavo.Training.Schedules;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>Learning rates of every kind of schedule, step by step, and the two ways to round a warm-up.</summary>
internal sealed class ScheduleRunner : GoldenRunner
{
    public override string Kind => "schedule";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        var tolerance = golden.Option("tolerance").GetDouble();
        Dictionary<string, (double Worst, int Count, string? First)> rates = new(StringComparer.Ordinal);
        var rounding = new CaseCheck("warmup_steps");
        foreach (var entry in golden.Cases(context))
        {
            var (input, expected) = (entry.GetProperty("input"), entry.GetProperty("expected"));
            if (expected.TryGetProperty("lr", out var listed))
                Compare(rates, input, [.. listed.EnumerateArray().Select(rate => rate.GetDouble())], tolerance);
            else
                CompareRounding(rounding, input, expected);
        }
        var checks = rates.Select(kind =>
            new OutputCheck(kind.Key, kind.Value.Worst, tolerance, kind.Value.Count, kind.Value.First is null, kind.Value.First));
        return [.. checks, .. CaseCheck.Outcomes(rounding)];
    }

    private static void Compare(
        Dictionary<string, (double Worst, int Count, string? First)> rates, JsonElement input, double[] expected, double tolerance)
    {
        var schedule = ScheduleCase.Of(input);
        var kind = input.GetProperty("type").GetString()!;
        var (worst, count, first) = rates.GetValueOrDefault(kind);
        var steps = input.GetProperty("steps").EnumerateArray().Select(step => step.GetInt64()).ToArray();
        if (steps.Length != expected.Length)
            first ??= $"{steps.Length} steps with {expected.Length} rates";
        foreach (var (step, rate) in steps.Zip(expected))
        {
            var difference = Math.Abs(schedule.At(step) - rate);
            // a NaN must fail
            if (!(difference <= tolerance))
                first ??= $"step {step}: {schedule.At(step):R} instead of {rate:R}";
            worst = Math.Max(worst, difference);
            count++;
        }
        rates[kind] = (worst, count, first);
    }

    private static void CompareRounding(CaseCheck check, JsonElement input, JsonElement expected)
    {
        var (total, ratio) = (input.GetProperty("total_steps").GetInt64(), input.GetProperty("warmup_ratio").GetDouble());
        foreach (var (name, roundUp) in ((string, bool)[])[("warmup_steps_rounded_up", true), ("warmup_steps_truncated", false)])
        {
            var (actual, wanted) = (Schedule.WarmupSteps(total, ratio, roundUp), expected.GetProperty(name).GetInt64());
            check.Add(actual == wanted, () => $"{name} of {ratio} in {total}: {actual} instead of {wanted}");
        }
    }
}
