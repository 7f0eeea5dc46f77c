using Octavo.Evaluation.Studies;

namespace Octavo.UnitTests.Evaluation.Studies;

/// <summary>A small study whose results are made from its cells' keys.</summary>
internal static class TestStudy
{
    public const int Samples = 20;

    public static StudyOrigin Origin { get; } = new("abc1234", "octavo study memory", "a processor, 2 processors");

    public static StudyPlan Plan { get; } = new()
    {
        Name = "memory",
        Title = "What forgetting costs",
        Factors = [new("task", ["kv", "summary"], SharesSamples: false), new("method", ["full", "drop"]), new("budget", ["all", "8"]), new("turn", ["1", "2"])],
        Seeds = [0, 1, 2],
        Metrics =
        [
            new("accuracy", StudyMetric.Share, Better.Higher) { Chance = "chance" },
            new("chance", StudyMetric.Share, Better.Neither),
            new("stored", "bytes", Better.Lower),
            new("first token", "ms", Better.Lower) { IsRepeatable = false },
        ],
        Settings = [("samples", "20")],
        Includes = cell => cell["method"] == "full" == (cell["budget"] == "all"),
        SharedWork = ["task"],
    };

    /// <summary>Some share of right answers of each cell, the same each time it is asked.</summary>
    public static StudyResult Result(StudyCell cell) => Result(cell, cell["method"] == "full" ? 19 : 12 - (cell["turn"] == "2" ? 6 : 0) + (int)cell.Seed);

    /// <summary>A cell of which the first so many samples are right.</summary>
    public static StudyResult Result(StudyCell cell, int right) => new(cell)
    {
        Metrics = new Dictionary<string, double>
        {
            ["chance"] = 0.1,
            ["stored"] = cell["method"] == "full" ? 8192 : 2048,
            ["first token"] = 12.5 + cell.Seed,
        },
        Samples = new Dictionary<string, IReadOnlyList<double>> { ["accuracy"] = [.. Enumerable.Range(0, Samples).Select(i => i < right ? 1.0 : 0.0)] },
    };

    /// <summary>A row as the runner makes it.</summary>
    public static StudyRow Row(StudyResult result)
    {
        Dictionary<string, double> metrics = new(result.Metrics);
        foreach (var (name, values) in result.Samples)
            metrics[name] = values.Average();
        return new StudyRow(result with { Metrics = metrics }, Origin, 1.5);
    }

    /// <summary>All rows of a plan.</summary>
    public static StudyRows Rows(StudyPlan plan, Func<StudyCell, StudyResult> result) => new(plan.Cells().Select(cell => Row(result(cell))));
}
