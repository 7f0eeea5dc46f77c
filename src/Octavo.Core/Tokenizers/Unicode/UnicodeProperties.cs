namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Sets by the names that regular expressions give them.</summary>
internal static class UnicodeProperties
{
    // Long names of categories; short ones are looked up as they are.
    private static readonly Dictionary<string, string> _categories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Letter"] = "L",
        ["Cased_Letter"] = "LC",
        ["Uppercase_Letter"] = "Lu",
        ["Lowercase_Letter"] = "Ll",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Nonspacing_Mark"] = "Mn",
        ["Spacing_Mark"] = "Mc",
        ["Enclosing_Mark"] = "Me",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["Symbol"] = "S",
        ["Separator"] = "Z",
        ["Other"] = "C",
        ["Control"] = "Cc",
        ["Format"] = "Cf",
    };

    /// <summary>The set of a category, a script or a class such as <c>space</c>; null where there is none of that name.</summary>
    public static ScalarSet? Set(string name)
    {
        if (ScalarSets.ByCategory(name) is { } category)
            return category;
        var plain = name.Replace(' ', '_').Replace('-', '_');
        if (_categories.TryGetValue(plain, out var known))
            return ScalarSets.ByCategory(known);
        return Class(plain) ?? Scripts.Instance.Set(plain);
    }

    /// <summary>The set of a POSIX class by its name; null where there is none.</summary>
    public static ScalarSet? Class(string name)
    {
        if (name.Equals("space", StringComparison.OrdinalIgnoreCase)
            || name.Equals("White_Space", StringComparison.OrdinalIgnoreCase))
            return ScalarSets.WhiteSpace;
        if (name.Equals("digit", StringComparison.OrdinalIgnoreCase))
            return ScalarSets.Digits;
        if (name.Equals("word", StringComparison.OrdinalIgnoreCase))
            return ScalarSets.Word;
        if (name.Equals("ascii", StringComparison.OrdinalIgnoreCase))
            return new RangeSet([(0, 0x7F)]);
        if (name.Equals("any", StringComparison.OrdinalIgnoreCase))
            return new RangeSet([(0, 0x10FFFF)]);
        return name.Equals("xdigit", StringComparison.OrdinalIgnoreCase)
            ? new RangeSet([('0', '9'), ('A', 'F'), ('a', 'f')])
            : null;
    }
}
