using System.Security.Cryptography;
using System.Text;
using Octavo.Core;

namespace Octavo.Training.Configuration;

/// <summary>
/// Compares a run's settings with those of the checkpoint that it goes on from. Paths are compared as they lie to the output folder, so that a
/// project may move.
/// </summary>
internal static class ConfigComparison
{
    /// <summary>The settings as a checkpoint keeps them.</summary>
    public static IReadOnlyDictionary<string, string> Settings<T>(T config) where T : class, IRecipeConfig
    {
        var folder = config.Shared.OutputDir;
        var settings = new OrderedDictionary<string, string>(StringComparer.Ordinal) { ["recipe"] = T.Recipe };
        foreach (var key in ConfigKey.Of(typeof(T)))
            settings[key.Name] = ConfigWriter.Value(Relative(key, key.In(config), folder));
        return settings;
    }

    /// <summary>A hash of the settings that decide the run's numbers.</summary>
    public static string Hash<T>(T config) where T : class, IRecipeConfig
    {
        var settings = Settings(config);
        var deciding = ConfigKey.Of(typeof(T)).Where(key => key.About.OnResume == OnResume.Refused)
            .Select(key => $"{key.Name}: {settings[key.Name]}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{T.Recipe}\n{string.Concat(deciding)}")));
    }

    /// <summary>Refuses a run that would become another one.</summary>
    /// <param name="config">The run's settings.</param>
    /// <param name="saved">Those of the checkpoint.</param>
    /// <param name="checkpoint">Its folder, for the message.</param>
    /// <param name="tell">Gets a sentence per difference that may show in the last bits or in figures.</param>
    /// <exception cref="ConfigException">Settings differ that decide the run's numbers; the message lists all of them.</exception>
    public static void RequireSame<T>(T config, IReadOnlyDictionary<string, string> saved, string checkpoint, Action<string> tell)
        where T : class, IRecipeConfig
    {
        var now = Settings(config);
        if (saved.GetValueOrDefault("recipe") is var recipe && recipe != T.Recipe)
        {
            throw new ConfigException($"{checkpoint}: the checkpoint is of 'octavo train {recipe}', not of 'octavo train {T.Recipe}'. "
                + "Give another output_dir.");
        }
        List<string> refused = [];
        foreach (var key in ConfigKey.Of(typeof(T)).Where(key => key.About.OnResume != OnResume.Free))
        {
            var (before, after) = (saved.GetValueOrDefault(key.Name) ?? "not there", now[key.Name]);
            if (before == after)
                continue;
            if (key.About.OnResume == OnResume.Refused)
                refused.Add($"{key.Name} is {after}, was {before}");
            else
                tell($"{key.Name} is {after}, was {before} in {checkpoint}: "
                    + "the run goes on, but not bit for bit, or its figures are not comparable.");
        }
        if (refused.Count > 0)
        {
            var list = string.Concat(refused.Select(text => $"{Environment.NewLine}  {text}"));
            throw new ConfigException($"{checkpoint}: the run has other settings than its checkpoint:{list}"
                + $"{Environment.NewLine}Set them back to go on, or give another output_dir to begin anew.");
        }
    }

    /// <summary>Tells which versions of what computes have changed.</summary>
    public static void TellVersions(IReadOnlyDictionary<string, string> saved, IReadOnlyDictionary<string, string> now, Action<string> tell)
    {
        foreach (var name in saved.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (saved.GetValueOrDefault(name) ?? "none", now.GetValueOrDefault(name) ?? "none");
            if (before != after)
                tell($"{name} is {after}, was {before} in the checkpoint: the run goes on, but not bit for bit.");
        }
    }

    private static object? Relative(ConfigKey key, object? value, string folder) => value switch
    {
        DatasetMixer mixer => new DatasetMixer([.. mixer.Parts.Select(part => part with { Path = Path.GetRelativePath(folder, part.Path) })]),
        string text when key.About.Text != TextKind.Plain && Path.IsPathRooted(text) => Path.GetRelativePath(folder, text),
        IEnumerable<string> texts when key.About.Text != TextKind.Plain => texts.Select(text => Path.GetRelativePath(folder, text)),
        _ => value,
    };
}
