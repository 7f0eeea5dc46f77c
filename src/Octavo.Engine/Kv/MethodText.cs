using System.Globalization;
using Octavo.Core;

namespace Octavo.Engine.Kv;

/// <summary>A method as a command line spells it, taken apart; notes which options were asked for.</summary>
internal sealed class MethodText
{
    private readonly string _text;
    private readonly string? _inner;
    private bool _wraps;
    private readonly Dictionary<string, string> _options = [];
    private readonly List<string> _asked = [];

    private MethodText(string text, string name, string? inner)
    {
        _text = text;
        Name = name;
        _inner = inner;
    }

    /// <summary>The method's name.</summary>
    public string Name { get; }

    /// <summary>What stands in brackets behind it; null for nothing.</summary>
    public string? Inner
    {
        get
        {
            _wraps = true;
            return _inner;
        }
    }

    /// <summary>Whose settings it starts from: <c>code</c> or <c>paper</c>.</summary>
    public string Preset => Asked("preset") switch
    {
        null or "code" => "code",
        "paper" => "paper",
        var other => throw new ConfigException($"{_text}: preset is '{other}'; give code or paper."),
    };

    /// <exception cref="ConfigException">It is not spelt as methods are.</exception>
    public static MethodText Read(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var close = text.LastIndexOf(')');
        if (open >= 0 != close >= 0 || close < open)
            throw new ConfigException($"'{text}' has a bracket without its partner; write NAME(METHOD):OPTION=VALUE.");
        var rest = open < 0 ? text : text[..open] + text[(close + 1)..];
        var parts = rest.Split(':', 2);
        var read = new MethodText(text, parts[0].Trim(), open < 0 ? null : text[(open + 1)..close]);
        foreach (var option in parts.Length == 1 ? [] : parts[1].Split(','))
        {
            var at = option.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new ConfigException($"'{text}': '{option}' is no OPTION=VALUE.");
            if (!read._options.TryAdd(option[..at].Trim(), option[(at + 1)..].Trim()))
                throw new ConfigException($"'{text}': {option[..at].Trim()} is given twice.");
        }
        return read;
    }

    /// <summary>What a + stands between, outside of brackets.</summary>
    public static IReadOnlyList<string> Parts(string text)
    {
        List<string> parts = [];
        var (depth, from) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != '+' || depth != 0)
                continue;
            parts.Add(text[from..i]);
            from = i + 1;
        }
        return [.. parts, text[from..]];
    }

    public int Whole(string name, int normal) => WholeOrNull(name) ?? normal;

    public int? WholeOrNull(string name) => Asked(name) is not { } value ? null
        : int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ConfigException($"'{_text}': {name} is '{value}'; give a whole number.");

    public double Number(string name, double normal) => NumberOrNull(name) ?? normal;

    public double? NumberOrNull(string name) => Asked(name) is not { } value ? null
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ConfigException($"'{_text}': {name} is '{value}'; give a number.");

    public string? Text(string name) => Asked(name);

    public bool Flag(string name) => Asked(name) switch
    {
        null or "false" => false,
        "true" => true,
        var value => throw new ConfigException($"'{_text}': {name} is '{value}'; give true or false."),
    };

    /// <exception cref="ConfigException">An option was given that the method does not have.</exception>
    public void CheckAllUsed()
    {
        if (_inner is not null && !_wraps)
            throw new ConfigException($"'{_text}': '{Name}' wraps no other method; leave the brackets out.");
        foreach (var name in _options.Keys)
        {
            if (!_asked.Contains(name))
                throw new ConfigException($"'{_text}': '{Name}' has no option '{name}'.{Nearest.Hint(name, _asked)} It has {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.");
        }
    }

    private string? Asked(string name)
    {
        _asked.Add(name);
        return _options.GetValueOrDefault(name);
    }
}
