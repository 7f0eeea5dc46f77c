using System.Globalization;
using Octavo.Core;

namespace Octavo.Models.Configs;

/// <summary>
/// Reads typed values of one configuration and collects every problem, so that all are told at once by <see cref="Finish"/>.
/// A value that cannot be used reads as 0, which the checks between values pass over.
/// </summary>
internal abstract class ConfigReader
{
    public const int MaxLayers = 1024;
    public const int MaxVocabulary = 10_000_000;
    public const int MaxWidth = 1 << 20;
    public const int MaxHeads = 1 << 14;
    public const int MaxContext = 1 << 30;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    protected ConfigReader(string location) => Location = location;

    protected ConfigReader(ConfigReader parent) =>
        (Location, Problems, Unsupported) = (parent.Location, parent.Problems, parent.Unsupported);

    public string Location { get; }

    private List<string> Problems { get; } = [];

    private List<string> Unsupported { get; } = [];

    /// <summary>Keys that nothing asked for.</summary>
    public IEnumerable<string> Unread => Keys.Where(key => !_read.Contains(key)).Select(Full);

    /// <summary>The keys that belong to the architecture.</summary>
    protected abstract IEnumerable<string> Keys { get; }

    /// <summary>The key as the file spells it, for messages.</summary>
    protected abstract string Full(string key);

    /// <summary>The value as long, double, bool, string or anything else; null where the key is absent or null.</summary>
    protected abstract object? Find(string key);

    public bool Has(string key) => Read(key) is not null;

    /// <summary>A whole number; required where there is no <paramref name="fallback"/>.</summary>
    public int Size(string key, int max = MaxWidth, int? fallback = null, int min = 1) =>
        OptionalSize(key, max, min, fallback is null) ?? fallback ?? 0;

    public int? OptionalSize(string key, int max = MaxWidth, int min = 1, bool required = false)
    {
        switch (Read(key))
        {
            case null:
                Require(!required, $"{Full(key)} is missing.");
                return null;
            case long value when value >= min && value <= max:
                return (int)value;
            case long value:
                Require(false, $"{Full(key)} is {value}; {min} to {max} is expected.");
                return 0;
            case var other:
                Require(false, $"{Full(key)} is {Show(other)}; a whole number is expected.");
                return 0;
        }
    }

    /// <summary>A size that the value null switches off; <paramref name="fallback"/> is taken where the key is absent.</summary>
    public int? SizeOrNull(string key, int max, int? fallback, int min = 1) => Keys.Contains(key) ? OptionalSize(key, max, min) : fallback;

    /// <summary>A number; required where there is no <paramref name="fallback"/>.</summary>
    public double Number(string key, double? fallback, double min, double max) =>
        OptionalNumber(key, min, max, fallback is null) ?? fallback ?? 0;

    public double? OptionalNumber(string key, double min, double max, bool required = false)
    {
        var found = Read(key);
        double? number = found switch { long whole => whole, double real => real, _ => null };
        if (number is { } value)
        {
            if (value >= min && value <= max)
                return value;
            Require(false, string.Create(CultureInfo.InvariantCulture, $"{Full(key)} is {value}; {min} to {max} is expected."));
            return 0;
        }
        Require(found is null, $"{Full(key)} is {Show(found)}; a number is expected.");
        Require(found is not null || !required, $"{Full(key)} is missing.");
        return found is null ? null : 0;
    }

    public bool Flag(string key, bool fallback)
    {
        var found = Read(key);
        Require(found is null or bool, $"{Full(key)} is {Show(found)}; true or false is expected.");
        return found as bool? ?? fallback;
    }

    public string? Text(string key)
    {
        var found = Read(key);
        Require(found is null or string, $"{Full(key)} is {Show(found)}; a text is expected.");
        return found as string;
    }

    /// <summary>Reads a choice; what is not among <paramref name="known"/> is refused by name.</summary>
    public void Choice(string key, string fallback, params ReadOnlySpan<string> known)
    {
        if ((Text(key) ?? fallback) is var text && !known.Contains(text))
            Refuse($"{Full(key)} {Show(text)}; supported: {string.Join(", ", known!)}.");
    }

    public void Require(bool holds, string problem)
    {
        if (!holds)
            Problems.Add(problem);
    }

    /// <summary>Requires that one size divides the other; passes over sizes that have a problem of their own.</summary>
    public void RequireMultiple(string key, int value, string divisorKey, int divisor) =>
        Require(
            value == 0 || divisor == 0 || value % divisor == 0,
            $"{Full(key)} is {value}; a multiple of {Full(divisorKey)} ({divisor}) is expected.");

    /// <summary>Notes something that is not supported.</summary>
    public void Refuse(string what) => Unsupported.Add(what);

    /// <summary>Refuses keys by name unless they are absent, null or have the value that changes nothing.</summary>
    public void RefuseUnless(object? neutral, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var found = Read(key);
            var same = found is long whole && neutral is double real ? whole == real : Equals(found, neutral);
            if (found is not null && !same)
                Refuse($"{Full(key)} is {Show(found)}" + (neutral is null ? "." : $"; only {Show(neutral)} is."));
        }
    }

    /// <summary>Throws if anything was wrong or not supported, with all of it.</summary>
    /// <exception cref="CheckpointException">Values are missing or wrong.</exception>
    /// <exception cref="UnsupportedException">Values are right, but ask for something that is not supported.</exception>
    public void Finish()
    {
        if (Problems.Count > 0)
        {
            List<string> all = [.. Problems, .. Unsupported.Select(what => "not supported: " + what)];
            throw new CheckpointException(Lines($"the configuration is wrong in {Count(all)}. Correct it, or get the file again.", all));
        }
        if (Unsupported.Count > 0)
            throw new UnsupportedException(Lines($"the configuration asks for what is not supported ({Count(Unsupported)}).", Unsupported));
    }

    internal static string Show(object? value)
    {
        var text = value switch
        {
            null => "null",
            string s => $"\"{s}\"",
            bool b => b ? "true" : "false",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            Array a => $"a list of {a.Length}",
            _ => value.ToString() ?? "",
        };
        return Printable(text, 60);
    }

    /// <summary>A text of a file made fit for a terminal: control characters replaced, length limited.</summary>
    internal static string Printable(string text, int limit)
    {
        var cut = text.Length <= limit ? text : string.Concat(text.AsSpan(0, limit - 1), "…");
        return string.Create(cut.Length, cut, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) || char.GetUnicodeCategory(source[i]) == UnicodeCategory.Format ? '\uFFFD' : source[i];
        });
    }

    private object? Read(string key)
    {
        _read.Add(key);
        return Find(key);
    }

    private static string Count(List<string> list) => list.Count == 1 ? "one thing" : $"{list.Count} things";

    private string Lines(string head, IEnumerable<string> lines) => string.Join("\n  ", lines.Prepend($"{Location}: {head}"));
}
