using System.Reflection;
using Octavo.Core;
using Octavo.Training.Configuration.Yaml;

namespace Octavo.Training.Configuration;

/// <summary>
/// Makes a recipe's record from a YAML file and the <c>--set</c> options of a command line. All that is wrong is told at once.
/// </summary>
internal sealed class ConfigReader
{
    private const string Set = "--set";

    private readonly List<(ConfigPlace? Place, string Text)> _problems = [];
    private readonly Dictionary<string, ConfigPlace> _places = new(StringComparer.Ordinal);

    private ConfigReader() { }

    /// <summary>Reads a recipe's configuration.</summary>
    /// <param name="path">The YAML file; null where all comes from <paramref name="sets"/>.</param>
    /// <param name="sets">
    /// What follows each <c>--set</c>: <c>learning_rate=1e-4</c>, <c>spike_guard.action=stop</c>. Relative paths start from the current
    /// folder.
    /// </param>
    /// <exception cref="InputFileException">The file cannot be read.</exception>
    /// <exception cref="ConfigException">Something in it is wrong; the message has all of it, with line and column.</exception>
    public static T Read<T>(string? path, IReadOnlyList<string>? sets = null) where T : class, INamedConfig, new()
    {
        var map = path is null ? new YamlMap([], new ConfigPlace(Environment.CurrentDirectory, 1, 1)) : YamlReader.ReadFile(path);
        return Make<T>(map, path ?? $"'octavo train {T.Recipe}'", sets ?? [], Environment.CurrentDirectory);
    }

    /// <summary>The same from a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="folder">What relative paths start from, those of <paramref name="sets"/> too.</param>
    /// <param name="sets">As above.</param>
    public static T ReadText<T>(string text, string name, string folder, IReadOnlyList<string>? sets = null)
        where T : class, INamedConfig, new() =>
        Make<T>(YamlReader.ReadText(text, name, folder), name, sets ?? [], folder);

    private static T Make<T>(YamlMap map, string name, IReadOnlyList<string> sets, string currentFolder)
        where T : class, INamedConfig, new()
    {
        var reader = new ConfigReader();
        var all = reader.WithSets(map, sets, typeof(T), currentFolder);
        reader.RefuseUnknown(typeof(T), "", all);
        var config = (T)reader.Build(typeof(T), "", all);
        return reader._problems.Count == 0 ? config : throw reader.Failure(name);
    }

    private ConfigException Failure(string name)
    {
        var ordered = _problems.OrderBy(problem => problem.Place is null ? 2 : problem.Place.Option is null ? 0 : 1)
            .ThenBy(problem => problem.Place?.Line).ThenBy(problem => problem.Place?.Column)
            .Select(problem => problem.Place is null ? problem.Text : $"{problem.Place.Text}: {problem.Text}").ToList();
        return new ConfigException(ordered.Count == 1
            ? $"{name}: {ordered[0]}"
            : $"{name}: {ordered.Count} problems:{string.Concat(ordered.Select(text => $"{Environment.NewLine}  {text}"))}");
    }

    private YamlMap WithSets(YamlMap map, IReadOnlyList<string> sets, Type type, string folder)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var set in sets)
        {
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                _problems.Add((null, $"{Set} {set}: expected KEY=VALUE, such as {Set} learning_rate=1e-4."));
                continue;
            }
            var key = set[..equals].Trim();
            var option = $"{Set} {key}";
            if (!seen.Add(key))
                _problems.Add((new ConfigPlace(folder, 0, 0, option), "the key is given twice on the command line. Remove one."));
            else
            {
                var value = YamlReader.ReadValue(set[(equals + 1)..], option, folder);
                map = With(map, key.Split('.'), value, new ConfigPlace(folder, 0, 0, option), type);
            }
        }
        return map;
    }

    // Only sections are opened: the last names of a key that is no section are told as unknown where they are met.
    private static YamlMap With(YamlMap map, string[] names, YamlNode value, ConfigPlace place, Type type)
    {
        var key = names[0];
        if (names.Length > 1)
        {
            var inner = Find(type, key) is { } section && section.IsDefined(typeof(SectionAttribute)) ? section.PropertyType : null;
            if (inner is null)
                key = string.Join('.', names);
            else
            {
                var old = map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
                // what is no section in the file is told as an error of the file
                if (old is not (null or YamlMap or YamlScalar { IsNull: true }))
                    return map;
                value = With(old as YamlMap ?? new YamlMap([], place), names[1..], value, place, inner);
            }
        }
        var index = map.Entries.ToList().FindIndex(entry => entry.Key == key);
        var added = new YamlEntry(key, place, value);
        return map with
        {
            Entries = index < 0 ? [.. map.Entries, added] : [.. map.Entries.Take(index), added, .. map.Entries.Skip(index + 1)],
        };
    }

    // The setting or section of that key at this level.
    private static PropertyInfo? Find(Type type, string key) => Level(type).FirstOrDefault(property => Spelling.Of(property) == key);

    private static IEnumerable<PropertyInfo> Level(Type type) => ConfigKey.PropertiesOf(type)
        .SelectMany(property => property.IsDefined(typeof(InlineAttribute)) ? Level(property.PropertyType) : [property]);

    private void RefuseUnknown(Type type, string section, YamlMap map)
    {
        var known = Level(type).Select(Spelling.Of).ToList();
        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key, StringComparer.Ordinal)))
        {
            var advice = ForeignNames.Key(section + entry.Key);
            _problems.Add((entry.Place, advice is not null
                ? $"the key '{section}{entry.Key}': {advice}"
                : $"unknown key '{section}{entry.Key}'.{Nearest.Hint(entry.Key, known)}"));
        }
    }

    private object Build(Type type, string section, YamlMap map)
    {
        var made = Activator.CreateInstance(type)!;
        var before = _problems.Count;
        foreach (var property in ConfigKey.PropertiesOf(type))
        {
            if (property.IsDefined(typeof(InlineAttribute)))
                property.SetValue(made, Build(property.PropertyType, section, map));
            else if (property.GetCustomAttribute<SettingAttribute>() is { } about)
                Fill(made, property, about, section, map);
            else if (property.IsDefined(typeof(SectionAttribute)))
                FillSection(made, property, section, map);
        }
        // values that could not be read would be blamed again for what their defaults do not go with
        if (made is IHasProblems checks && _problems.Count == before)
            _problems.AddRange(checks.Problems().Select(problem =>
                (Place(section + problem.Key) ?? Place(section + problem.Cause), $"{section}{problem.Key} {problem.Text}")));
        return made;
    }

    private void FillSection(object made, PropertyInfo property, string section, YamlMap map)
    {
        var key = Spelling.Of(property);
        if (map.Entries.FirstOrDefault(entry => entry.Key == key) is not { } entry)
            return;
        if (entry.Value is not YamlMap inside)
        {
            var known = string.Join(", ", Level(property.PropertyType).Select(Spelling.Of));
            _problems.Add((entry.Value.Place, $"{section}{key}: expected keys ({known}), found {entry.Value.Describe()}."));
            return;
        }
        RefuseUnknown(property.PropertyType, $"{section}{key}.", inside);
        property.SetValue(made, Build(property.PropertyType, $"{section}{key}.", inside));
    }

    private void Fill(object made, PropertyInfo property, SettingAttribute about, string section, YamlMap map)
    {
        var key = Spelling.Of(property);
        if (map.Entries.FirstOrDefault(entry => entry.Key == key) is not { } entry)
        {
            if (about.IsRequired)
                _problems.Add((null, $"the key '{section}{key}' is missing: {about.Meaning}"));
            return;
        }
        _places[section + key] = entry.Place;
        try
        {
            property.SetValue(made, ValueReader.Read(property, about, entry.Value));
        }
        catch (ValueProblemException problem)
        {
            _problems.Add((problem.Place, $"{section}{key}: {problem.Message}"));
        }
    }

    private ConfigPlace? Place(string key) => _places.GetValueOrDefault(key);
}
