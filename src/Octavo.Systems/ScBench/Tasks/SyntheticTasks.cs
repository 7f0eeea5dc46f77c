using Octavo.Core;
using Octavo.Systems.ScBench.Tasks.ManyShot;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>Every task that can be made: the one place that a new one is added to.</summary>
internal static class SyntheticTasks
{
    public static IReadOnlyList<SyntheticTask> All { get; } =
    [
        new KeyValueTask(),
        new KeyValueTask(KeyValueVariant.Words),
        new KeyValueTask(KeyValueVariant.Compressible),
        new KeyValueTask(KeyValueVariant.Hard),
        new PrefixSuffixTask(),
        new VariableTrackingTask(),
        new ManyShotTask(),
        new NeedleTask(),
    ];

    /// <summary>A task by its name.</summary>
    /// <exception cref="ConfigException">There is none of that name; the message lists them.</exception>
    public static SyntheticTask Of(string name) => All.FirstOrDefault(task => task.Name == name)
        ?? throw new ConfigException($"There is no task '{name}' that can be made; there are {string.Join(", ", All.Select(task => task.Name))}.");
}
