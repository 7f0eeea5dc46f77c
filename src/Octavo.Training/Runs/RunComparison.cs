namespace Octavo.Training.Runs;

/// <summary>A setting that is not the same in all runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">One per run; null where a run does not have it.</param>
internal sealed record ConfigDifference(string Name, IReadOnlyList<string?> Values);

/// <summary>Several runs side by side.</summary>
/// <param name="Runs">The runs, in the order they were asked for.</param>
/// <param name="Labels">A short name of each, no two alike.</param>
/// <param name="Differences">Settings that differ, seed, recipe and commit among them.</param>
internal sealed record RunComparison(
    IReadOnlyList<RunSummary> Runs, IReadOnlyList<string> Labels, IReadOnlyList<ConfigDifference> Differences)
{
    /// <summary>Compares runs.</summary>
    public static RunComparison Of(IReadOnlyList<RunSummary> runs)
    {
        var names = runs.Select(run => run.Header.Info.Name).ToList();
        var labels = names.Select((name, i) => names.Count(other => other == name) > 1 ? $"{name} ({runs[i].Header.Id})" : name);
        return new RunComparison(runs, [.. labels], Differ(runs));
    }

    /// <summary>Names of all metrics that any of the runs has, those that reports know first.</summary>
    public IReadOnlyList<string> Tags { get; } =
        [.. Runs.SelectMany(run => run.Metrics).Select(metric => metric.Tag).Distinct().OrderBy(tag => tag, RunCurves.Order)];

    private static List<ConfigDifference> Differ(IReadOnlyList<RunSummary> runs)
    {
        var tables = runs.Select(run => Table(run.Header.Info)).ToList();
        return [.. tables.SelectMany(table => table.Keys).Distinct()
            .Select(name => new ConfigDifference(name, [.. tables.Select(table => table.GetValueOrDefault(name))]))
            .Where(row => row.Values.Distinct().Count() > 1)];
    }

    private static Dictionary<string, string> Table(RunInfo info)
    {
        Dictionary<string, string> table = new() { ["recipe"] = info.Recipe, ["seed"] = $"{info.Seed}", ["commit"] = info.Commit };
        foreach (var (name, value) in RunSettings.Read(info.Config))
            table[name] = value;
        return table;
    }
}
