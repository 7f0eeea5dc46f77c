using System.Text.Json;
using Octavo.Core;
using Octavo.Training.Configuration;

namespace Octavo.Training.Schedules;

/// <summary>Reads a schedule as cases of goldens describe it, in the words of transformers.get_scheduler.</summary>
internal static class ScheduleCase
{
    private static readonly string[] _shared = ["type", "lr", "warmup_steps", "total_steps", "steps"];

    /// <summary>The schedule of a case.</summary>
    /// <param name="input">Its input.</param>
    /// <exception cref="UnsupportedException">It names a course or number that there is not.</exception>
    public static Schedule Of(JsonElement input)
    {
        var options = new ScheduleOptions();
        foreach (var given in input.EnumerateObject().Where(given => !_shared.Contains(given.Name)))
            options = With(options, given);
        return new Schedule(
            Word<ScheduleKind>(input.GetProperty("type")), input.GetProperty("lr").GetDouble(), input.GetProperty("warmup_steps").GetInt64(),
            input.GetProperty("total_steps").GetInt64(), options);
    }

    private static ScheduleOptions With(ScheduleOptions options, JsonProperty given) => given.Name switch
    {
        "num_cycles" => options with { NumCycles = given.Value.GetDouble() },
        "min_lr_rate" => options with { MinLrRate = given.Value.GetDouble() },
        "lr_end" => options with { LrEnd = given.Value.GetDouble() },
        "power" => options with { Power = given.Value.GetDouble() },
        "timescale" => options with { Timescale = given.Value.GetInt64() },
        "num_decay_steps" => options with { NumDecaySteps = given.Value.GetInt64() },
        "warmup_type" => options with { WarmupType = Word<ScheduleShape>(given.Value) },
        "decay_type" => options with { DecayType = Word<ScheduleShape>(given.Value) },
        "min_lr_ratio" => options with { MinLrRatio = given.Value.GetDouble() },
        _ => throw new UnsupportedException($"schedules have no '{given.Name}'."),
    };

    private static T Word<T>(JsonElement value) where T : struct, Enum
    {
        var words = Spelling.Words(typeof(T));
        return words.TryGetValue(value.GetString()!, out var word) ? (T)word
            : throw new UnsupportedException($"there is no '{value}'; there are {string.Join(", ", words.Keys)}.");
    }
}
