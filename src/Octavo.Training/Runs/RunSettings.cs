using Octavo.Core;
using Octavo.Training.Configuration.Yaml;

namespace Octavo.Training.Runs;

/// <summary>A run's configuration as names and values: <c>train.lr</c> and <c>2e-5</c>.</summary>
internal static class RunSettings
{
    /// <summary>Reads the text of a configuration, YAML or JSON; one that is neither is one row without a name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(string config)
    {
        List<(string, string)> rows = [];
        try
        {
            foreach (var entry in YamlReader.ReadText(config, "the run's configuration", "").Entries)
                Add(entry.Key, entry.Value, rows);
        }
        catch (ConfigException)
        {
            // a report shows what there is: a text that its reader would refuse is still what was run
            return [("", config)];
        }
        return rows;
    }

    private static void Add(string name, YamlNode node, List<(string, string)> rows)
    {
        switch (node)
        {
            case YamlMap { Entries.Count: > 0 } map:
                foreach (var entry in map.Entries)
                    Add($"{name}.{entry.Key}", entry.Value, rows);
                break;
            case YamlList list when list.Items.Any(item => item is not YamlScalar):
                for (var i = 0; i < list.Items.Count; i++)
                    Add($"{name}[{i}]", list.Items[i], rows);
                break;
            case YamlList list:
                rows.Add((name, $"[{string.Join(", ", list.Items.Cast<YamlScalar>().Select(item => item.Text))}]"));
                break;
            case YamlMap:
                rows.Add((name, "{}"));
                break;
            default:
                rows.Add((name, ((YamlScalar)node).Text));
                break;
        }
    }
}
