using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Training.Configuration.Yaml;

namespace Octavo.Training.Configuration;

/// <summary>A value is not what its key wants. Caught by the reader of the configuration, which tells all of them at once.</summary>
internal sealed class ValueProblemException(ConfigPlace place, string message) : Exception(message)
{
    public ConfigPlace Place { get; } = place;
}

/// <summary>Turns a written value into the type of its key. Nothing is converted that YAML readers see differently.</summary>
internal static partial class ValueReader
{
    private static readonly string[] _truthLike = ["true", "false", "yes", "no", "on", "off", "y", "n"];
    private static readonly NullabilityInfoContext _nullability = new();

    /// <summary>Reads a value.</summary>
    /// <exception cref="ValueProblemException">It is something else.</exception>
    public static object? Read(PropertyInfo property, SettingAttribute about, YamlNode node)
    {
        if (node is YamlScalar { IsNull: true })
        {
            return IsNullable(property)
                ? null
                : throw Problem(node, "there is no value. Write one, or remove the key for its default.");
        }
        return One(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, about, node);
    }

    /// <summary>Whether a key may say null.</summary>
    public static bool IsNullable(PropertyInfo property)
    {
        lock (_nullability)
            return _nullability.Create(property).WriteState == NullabilityState.Nullable;
    }

    /// <summary>What a type is called in errors and documents.</summary>
    public static string NameOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return string.Join(" | ", Spelling.Words(type).Keys);
        return type switch
        {
            _ when type == typeof(int) || type == typeof(long) => "whole number",
            _ when type == typeof(double) => "number",
            _ when type == typeof(bool) => "true | false",
            _ when type == typeof(Interval) => "whole number | epoch",
            _ when type == typeof(ResumeChoice) => "auto | never | path",
            _ when type == typeof(DatasetMixer) => "mapping or list",
            _ when type == typeof(IReadOnlyList<string>) => "list of texts",
            _ when type.IsGenericType => $"list of {NameOf(type.GetGenericArguments()[0])}",
            _ => "text",
        };
    }

    private static object One(Type type, SettingAttribute about, YamlNode node) => type switch
    {
        _ when type == typeof(string) => Text(about.Text, node),
        _ when type == typeof(int) => checked((int)Whole(about, node, int.MinValue, int.MaxValue)),
        _ when type == typeof(long) => Whole(about, node, long.MinValue, long.MaxValue),
        _ when type == typeof(double) => Number(about, node),
        _ when type == typeof(bool) => Truth(node),
        _ when type.IsEnum => Choice(type, node),
        _ when type == typeof(Interval) => IntervalOf(about, node),
        _ when type == typeof(ResumeChoice) => Resume(node),
        _ when type == typeof(DatasetMixer) => MixerReader.Read(node),
        _ when type == typeof(IReadOnlyList<string>) => Items(node).Select(item => Text(about.Text, item)).ToArray(),
        _ when type == typeof(IReadOnlyList<long>) => Items(node).Select(item => Whole(about, item, long.MinValue, long.MaxValue)).ToArray(),
        _ when type == typeof(IReadOnlyList<Reporter>) => Items(node).Select(item => (Reporter)Choice(typeof(Reporter), item)).ToArray(),
        _ => throw new InvalidOperationException($"no setting can be a {type}."),
    };

    /// <summary>A text, resolved if it is a path.</summary>
    public static string Text(TextKind kind, YamlNode node)
    {
        var scalar = Scalar(node, "a text");
        if (scalar.Text.Length == 0)
            throw Problem(node, "expected a text, found an empty one.");
        if (!scalar.IsQuoted && _truthLike.Contains(scalar.Text, StringComparer.OrdinalIgnoreCase))
            throw Problem(node, $"expected a text; '{scalar.Text}' is a truth value for many readers of YAML. Put it in quotes.");
        if (scalar.Text.Any(char.IsControl))
            throw Problem(node, "expected a text of one line, without control characters.");
        if (kind != TextKind.Plain && (scalar.Text == "~" || scalar.Text.StartsWith("~/", StringComparison.Ordinal)))
            throw Problem(node, $"'{scalar.Text}': '~' is the shell's. Write the path out.");
        return IsPath(kind, scalar) ? Path.GetFullPath(scalar.Text, scalar.Place.Folder) : scalar.Text;
    }

    private static bool IsPath(TextKind kind, YamlScalar scalar) => kind switch
    {
        TextKind.Path => true,
        TextKind.PathOrId => scalar.Text[0] is '.' or '/' || Path.Exists(Path.Combine(scalar.Place.Folder, scalar.Text)),
        TextKind.PathOrName => scalar.Text.IndexOfAny(['.', '/', Path.DirectorySeparatorChar]) >= 0,
        _ => false,
    };

    /// <summary>A whole number in a range.</summary>
    public static long Whole(SettingAttribute? about, YamlNode node, long least, long most)
    {
        var scalar = Unquoted(node, "a whole number");
        if (!WholeText().IsMatch(scalar.Text)
            || !long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Problem(node, $"expected a whole number, found {node.Describe()}.{Advice(scalar.Text)}");
        if (number < least || number > most)
            throw Problem(node, $"{number} is too large a number.");
        RefuseOutside(about, node, number);
        return number;
    }

    private static double Number(SettingAttribute? about, YamlNode node)
    {
        var scalar = Unquoted(node, "a number");
        if (!NumberText().IsMatch(scalar.Text) || !double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
            throw Problem(node, $"expected a number, found {node.Describe()}.{Advice(scalar.Text)}");
        RefuseOutside(about, node, number);
        return number;
    }

    /// <summary>A number without limits of its own.</summary>
    public static double Number(YamlNode node) => Number(null, node);

    private static void RefuseOutside(SettingAttribute? about, YamlNode node, double number)
    {
        if (about is null || (number >= about.AtLeast && number > about.Above && number <= about.AtMost && number < about.Below))
            return;
        throw Problem(node, $"{node.Describe()} is outside: expected a number {Limits(about)}.");
    }

    /// <summary>The limits of a key in words; empty where there are none.</summary>
    public static string Limits(SettingAttribute about)
    {
        List<string> words = [];
        if (!double.IsInfinity(about.AtLeast))
            words.Add($"at least {about.AtLeast.ToString(CultureInfo.InvariantCulture)}");
        if (!double.IsInfinity(about.Above))
            words.Add($"above {about.Above.ToString(CultureInfo.InvariantCulture)}");
        if (!double.IsInfinity(about.AtMost))
            words.Add($"at most {about.AtMost.ToString(CultureInfo.InvariantCulture)}");
        if (!double.IsInfinity(about.Below))
            words.Add($"below {about.Below.ToString(CultureInfo.InvariantCulture)}");
        return string.Join(" and ", words);
    }

    private static bool Truth(YamlNode node) => Scalar(node, "true or false") switch
    {
        { IsQuoted: false, Text: "true" or "True" or "TRUE" } => true,
        { IsQuoted: false, Text: "false" or "False" or "FALSE" } => false,
        { IsQuoted: true } => throw Problem(node, $"expected true or false, found {node.Describe()}. Remove the quotes."),
        _ => throw Problem(node, $"expected true or false, found {node.Describe()}."),
    };

    private static Enum Choice(Type type, YamlNode node)
    {
        var words = Spelling.Words(type);
        var text = Scalar(node, $"one of {string.Join(", ", words.Keys)}").Text;
        if (words.TryGetValue(text, out var choice))
            return choice;
        throw Problem(node, ForeignNames.Choice(type, text)
            ?? $"expected one of {string.Join(", ", words.Keys)}, found {node.Describe()}.{Nearest.Hint(text, words.Keys)}");
    }

    private static Interval IntervalOf(SettingAttribute about, YamlNode node)
    {
        if (node is YamlScalar { Text: Interval.EpochWord })
            return Interval.Epoch;
        if (node is not YamlScalar { IsQuoted: false } scalar || !WholeText().IsMatch(scalar.Text))
            throw Problem(node, $"expected a whole number of steps or '{Interval.EpochWord}', found {node.Describe()}.");
        return new Interval(Whole(about, node, long.MinValue, long.MaxValue));
    }

    private static ResumeChoice Resume(YamlNode node) =>
        node is YamlScalar { Text: "auto" or "never" } word ? new ResumeChoice(word.Text) : new ResumeChoice(Text(TextKind.Path, node));

    private static IReadOnlyList<YamlNode> Items(YamlNode node) => node switch
    {
        YamlList list => list.Items,
        YamlScalar => [node],
        _ => throw Problem(node, $"expected a list, found {node.Describe()}."),
    };

    private static YamlScalar Scalar(YamlNode node, string expected) => node is YamlScalar { IsNull: false } scalar
        ? scalar
        : throw Problem(node, $"expected {expected}, found {node.Describe()}.");

    private static YamlScalar Unquoted(YamlNode node, string expected)
    {
        var scalar = Scalar(node, expected);
        return scalar.IsQuoted ? throw Problem(node, $"expected {expected}, found {node.Describe()}. Remove the quotes.") : scalar;
    }

    private static string Advice(string text) => text switch
    {
        _ when LeadingZero().IsMatch(text) => " A leading 0 is octal, or another base, for some readers of YAML; write the number without it.",
        _ when text.Contains('_', StringComparison.Ordinal) || text.Contains(',', StringComparison.Ordinal) =>
            " Write the digits without separators.",
        _ => "",
    };

    private static ValueProblemException Problem(YamlNode node, string message) => new(node.Place, message);

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex WholeText();

    [GeneratedRegex(@"^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex NumberText();

    [GeneratedRegex(@"^[-+]?0[0-9a-fA-FxXoO_]+\z")]
    private static partial Regex LeadingZero();
}
