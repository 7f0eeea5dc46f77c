using System.Globalization;
using System.Text;

namespace Octavo.Training.Configuration;

/// <summary>One key as a table tells it.</summary>
/// <param name="Name">With its section.</param>
/// <param name="Type">What it takes, in words.</param>
/// <param name="Default">Its default as YAML, or "required".</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Source">Where key and default come from.</param>
/// <param name="Recipes">The recipes that have it.</param>
internal sealed record ConfigRow(string Name, string Type, string Default, string Meaning, string Source, IReadOnlyList<string> Recipes);

/// <summary>Explains the keys of recipes, from the records themselves.</summary>
internal static class ConfigTable
{
    /// <summary>The keys of one recipe, in the order of the code.</summary>
    public static IReadOnlyList<ConfigRow> Of<T>() where T : class, INamedConfig, new()
    {
        var usual = new T();
        return [.. ConfigKey.Of(typeof(T)).Select(key => new ConfigRow(
            key.Name, TypeOf(key), key.About.IsRequired ? "required" : ConfigWriter.Value(key.In(usual)),
            key.About.Meaning, key.About.Source, [T.Recipe]))];
    }

    /// <summary>The keys of several recipes, each once.</summary>
    public static IReadOnlyList<ConfigRow> Join(params IReadOnlyList<ConfigRow>[] tables) =>
        [.. tables.SelectMany(rows => rows).GroupBy(row => (row.Name, row.Type, row.Default, row.Meaning, row.Source))
            .Select(same => same.First() with { Recipes = [.. same.SelectMany(row => row.Recipes)] })];

    /// <summary>Rows as a table of Markdown.</summary>
    public static string ToMarkdown(IReadOnlyList<ConfigRow> rows)
    {
        var text = new StringBuilder("| key | takes | default | meaning | source | recipes |\n|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var value = row.Default == "required" ? row.Default : $"`{row.Default}`";
            var (type, recipes) = (row.Type.Replace("|", "\\|", StringComparison.Ordinal), string.Join(", ", row.Recipes));
            text.Append(CultureInfo.InvariantCulture, $"| `{row.Name}` | {type} | {value} | {row.Meaning} | {row.Source} | {recipes} |\n");
        }
        return text.ToString();
    }

    private static string TypeOf(ConfigKey key)
    {
        var name = key.About.Text switch
        {
            _ when key.Property.PropertyType != typeof(string) => ValueReader.NameOf(key.Property.PropertyType),
            TextKind.Path => "path",
            TextKind.PathOrId => "path or id",
            TextKind.PathOrName => "name or path",
            _ => "text",
        };
        if (key.Property.PropertyType == typeof(IReadOnlyList<string>) && key.About.Text == TextKind.Path)
            name = "list of paths";
        var limits = ValueReader.Limits(key.About);
        return limits.Length == 0 ? name : $"{name}, {limits}";
    }
}
