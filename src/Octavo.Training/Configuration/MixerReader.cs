using System.Globalization;
using Octavo.Core;
using Octavo.Training.Configuration.Yaml;

namespace Octavo.Training.Configuration;

/// <summary>
/// Reads a mixture of datasets in any of its spellings: <c>path: amount</c>; a list of path and amount in turn, as open-instruct's
/// dataset_mixer_list has it; a list of <c>{path, weight}</c> or <c>{path, count}</c>, or of <c>{path, sampling_weight}</c>. Bare amounts are shares
/// unless one is above 1: then all are numbers of rows.
/// </summary>
internal static class MixerReader
{
    private static readonly string[] _keys = ["path", "weight", "count", "sampling_weight"];

    /// <summary>Reads it.</summary>
    /// <exception cref="ValueProblemException">It is something else.</exception>
    public static DatasetMixer Read(YamlNode node)
    {
        var parts = node switch
        {
            YamlMap map => Bare(map.Entries.Select(entry => (PathOf(new YamlScalar(entry.Key, true, entry.Place)), entry.Value))),
            YamlList { Items: [YamlMap, ..] } list => [.. list.Items.Select(Part)],
            YamlList list => Bare(Pairs(list)),
            _ => throw Problem(node, $"expected 'path: amount' lines or a list, found {node.Describe()}. One file alone is a train_file."),
        };
        if (parts.Count == 0)
            throw Problem(node, "names no dataset.");
        if (parts.Any(part => part.SamplingWeight is not null) && parts.FirstOrDefault(part => part.SamplingWeight is null) is { } without)
            throw Problem(node, $"{without.Path} has no sampling_weight while another dataset has one. Give all of them one, or none.");
        var twice = parts.GroupBy(part => part.Path).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? new DatasetMixer(parts) : throw Problem(node, $"names '{twice.Key}' twice. Join the two amounts.");
    }

    private static IEnumerable<(string Path, YamlNode Amount)> Pairs(YamlList list)
    {
        if (list.Items.Count % 2 != 0)
            throw Problem(list, $"expected path and amount in turn, found {list.Items.Count} items.");
        return list.Items.Chunk(2).Select(pair => (PathOf(pair[0]), Unquote(pair[1])));
    }

    // dataset_mixer_list writes its amounts as texts: "1.0"
    private static YamlNode Unquote(YamlNode node) => node is YamlScalar scalar ? scalar with { IsQuoted = false } : node;

    private static List<DatasetPart> Bare(IEnumerable<(string Path, YamlNode Amount)> pairs)
    {
        var all = pairs.Select(pair => (pair.Path, pair.Amount, Number: ValueReader.Number(pair.Amount))).ToList();
        var areCounts = all.Any(part => part.Number > 1);
        foreach (var (path, amount, number) in all)
        {
            if (number <= 0)
                throw Problem(amount, $"{path}: the amount {Text(number)} must be above 0.");
            if (areCounts && number != Math.Floor(number))
                throw Problem(amount, $"{path}: {Text(number)} is a share, and another amount is a number of rows (above 1). "
                    + "Use one kind for all.");
        }
        return [.. all.Select(part =>
            areCounts ? new DatasetPart(part.Path, null, (long)part.Number) : new DatasetPart(part.Path, part.Number, null))];
    }

    private static DatasetPart Part(YamlNode node)
    {
        if (node is not YamlMap map)
            throw Problem(node, $"expected a path with weight or count, as the first item has, found {node.Describe()}.");
        foreach (var entry in map.Entries.Where(entry => !_keys.Contains(entry.Key)))
        {
            throw new ValueProblemException(
                entry.Place, $"unknown key '{entry.Key}'.{Nearest.Hint(entry.Key, _keys)} A dataset has path and weight, count or sampling_weight.");
        }
        var path = Value(map, "path") ?? throw Problem(node, "a dataset without path.");
        var (weight, count, sampling) = (Value(map, "weight"), Value(map, "count"), Value(map, "sampling_weight"));
        YamlNode[] given = [.. new[] { weight, count, sampling }.OfType<YamlNode>()];
        if (given.Length > 1)
            throw Problem(given[0], "of weight, count and sampling_weight two are both given. Keep one.");
        if (sampling is not null)
        {
            var often = ValueReader.Number(sampling);
            return often > 0
                ? new DatasetPart(PathOf(path), null, null, often)
                : throw Problem(sampling, $"the sampling_weight {Text(often)} must be above 0.");
        }
        if (count is not null)
        {
            var rows = ValueReader.Whole(null, count, long.MinValue, long.MaxValue);
            return rows >= 1 ? new DatasetPart(PathOf(path), null, rows) : throw Problem(count, $"the count {rows} must be at least 1.");
        }
        var share = weight is null ? 1 : ValueReader.Number(weight);
        return share is > 0 and <= 1
            ? new DatasetPart(PathOf(path), share, null)
            : throw Problem(weight!, $"the weight {Text(share)} must be above 0 and at most 1: the share of the rows. "
                + "A number of rows is a count.");
    }

    private static YamlNode? Value(YamlMap map, string key) => map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static string PathOf(YamlNode node) => ValueReader.Text(TextKind.Path, node);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static ValueProblemException Problem(YamlNode node, string message) => new(node.Place, message);
}
