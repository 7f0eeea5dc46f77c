using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Octavo.Training.Runs;

/// <summary>A run's configuration as names and values: <c>train.lr</c> and <c>2e-5</c>.</summary>
internal static class ConfigTable
{
    /// <summary>Reads the text of a configuration, YAML or JSON; one that is neither is one row without a name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(string config)
    {
        List<(string, string)> rows = [];
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(config));
            foreach (var document in stream.Documents)
                Add("", document.RootNode, rows);
        }
        catch (YamlException)
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
            case YamlMappingNode { Children.Count: > 0 } map:
                foreach (var (key, value) in map.Children)
                    Add(name.Length > 0 ? $"{name}.{key}" : key.ToString(), value, rows);
                break;
            case YamlSequenceNode list when list.Children.Any(child => child is not YamlScalarNode):
                for (var i = 0; i < list.Children.Count; i++)
                    Add($"{name}[{i}]", list.Children[i], rows);
                break;
            case YamlSequenceNode list:
                rows.Add((name, $"[{string.Join(", ", list.Children)}]"));
                break;
            case YamlMappingNode:
                rows.Add((name, "{}"));
                break;
            default:
                rows.Add((name, ((YamlScalarNode)node).Value ?? ""));
                break;
        }
    }
}
