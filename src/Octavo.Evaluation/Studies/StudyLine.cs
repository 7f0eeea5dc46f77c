using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octavo.Evaluation.Studies;

/// <summary>The first line of <c>runs.jsonl</c>: what the rows below it mean.</summary>
internal sealed record StudyHeader(string Study, int Format, IReadOnlyList<string> Meaning, string Claims)
{
    public const int Newest = 1;

    public static StudyHeader Of(StudyPlan plan) => new(plan.Name, Newest, plan.Meaning(), plan.ClaimsMark());
}

/// <summary>A row as its line has it.</summary>
internal sealed record StudyLine(
    IReadOnlyDictionary<string, string> Cell, ulong Seed, IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, IReadOnlyList<double>>? Samples, string? Failure, double Seconds, string Commit, string Command, string Machine)
{
    private const double Slack = 1e-9;

    /// <summary>The line of a row, its end included.</summary>
    public static string Write(StudyRow row, StudyPlan plan)
    {
        var (result, origin) = (row.Result, row.Origin);
        var line = new StudyLine(
            plan.Factors.Select(factor => factor.Name).Zip(row.Cell.Values).ToDictionary(pair => pair.First, pair => pair.Second), row.Cell.Seed,
            result.Metrics, result.Samples.Count > 0 ? result.Samples : null, result.Failure, row.Seconds, origin.Commit, origin.Command, origin.Machine);
        return JsonSerializer.Serialize(line, StudyJson.Lines.StudyLine) + "\n";
    }

    /// <summary>The row of a line.</summary>
    /// <param name="text">The line.</param>
    /// <param name="plan">Whose row.</param>
    /// <param name="cells">The plan's.</param>
    /// <exception cref="JsonException">It is none; the message says why.</exception>
    public static StudyRow Read(string text, StudyPlan plan, IReadOnlySet<StudyCell> cells)
    {
        var line = JsonSerializer.Deserialize(text, StudyJson.Lines.StudyLine) ?? throw new JsonException("it is null.");
        if (line is not { Cell: not null, Metrics: not null, Commit: not null, Command: not null, Machine: not null })
            throw new JsonException("cell, metrics, commit, command or machine is missing.");
        if (line.Cell.Count != plan.Factors.Count || plan.Factors.Any(factor => !line.Cell.ContainsKey(factor.Name)))
            throw new JsonException($"its cell has to have {string.Join(", ", plan.Factors.Select(factor => factor.Name))}.");
        var cell = new StudyCell(plan.Factors, [.. plan.Factors.Select(factor => line.Cell[factor.Name])], line.Seed);
        if (!cells.Contains(cell))
            throw new JsonException($"the plan has no cell {cell}.");
        var result = new StudyResult(cell) { Metrics = line.Metrics, Samples = line.Samples ?? new Dictionary<string, IReadOnlyList<double>>(), Failure = line.Failure };
        if (WrongWith(result, plan) is { } wrong)
            throw new JsonException(wrong);
        return new StudyRow(result, new StudyOrigin(line.Commit, line.Command, line.Machine), line.Seconds);
    }

    /// <summary>What of a result the plan does not allow; null where nothing.</summary>
    public static string? WrongWith(StudyResult result, StudyPlan plan)
    {
        foreach (var (name, value) in result.Metrics)
        {
            if (plan.Metrics.FirstOrDefault(metric => metric.Name == name) is not { } metric)
                return $"{result.Cell}: the plan has no metric '{name}'.";
            if (double.IsInfinity(value) || (metric.IsShare && value is < 0 or > 1))
                return $"{result.Cell}: {name} is {value}; it has to be {(metric.IsShare ? "between 0 and 1" : "finite")}.";
        }
        foreach (var (name, values) in result.Samples)
        {
            if (plan.Metrics.FirstOrDefault(metric => metric.Name == name) is not { } metric)
                return $"{result.Cell}: the plan has no metric '{name}'.";
            if (values is not { Count: > 0 } || values.Any(value => !double.IsFinite(value) || (metric.IsShare && value is < 0 or > 1)))
                return $"{result.Cell}: samples of {name} have to be {(metric.IsShare ? "between 0 and 1" : "finite")}, and there has to be one.";
            var (mean, stated) = (values.Average(), result.Metrics.GetValueOrDefault(name, double.NaN));
            if (!(Math.Abs(mean - stated) <= Slack * Math.Max(1, Math.Abs(mean))))
                return $"{result.Cell}: {name} is {stated}, but the mean of its samples is {mean}.";
        }
        return null;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StudyLine))]
[JsonSerializable(typeof(StudyHeader))]
internal sealed partial class StudyJson : JsonSerializerContext
{
    /// <summary>Texts as they are, so that people can read them.</summary>
    public static StudyJson Lines { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    });
}
