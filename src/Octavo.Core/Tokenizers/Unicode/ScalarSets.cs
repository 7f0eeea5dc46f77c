using System.Globalization;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>The sets of code points that tokenizers speak of by name.</summary>
internal static class ScalarSets
{
    private const UnicodeCategoryFlags Punctuation = UnicodeCategoryFlags.ConnectorPunctuation | UnicodeCategoryFlags.DashPunctuation
        | UnicodeCategoryFlags.OpenPunctuation | UnicodeCategoryFlags.ClosePunctuation | UnicodeCategoryFlags.InitialQuotePunctuation
        | UnicodeCategoryFlags.FinalQuotePunctuation | UnicodeCategoryFlags.OtherPunctuation;

    private const UnicodeCategoryFlags Numbers =
        UnicodeCategoryFlags.DecimalDigitNumber | UnicodeCategoryFlags.LetterNumber | UnicodeCategoryFlags.OtherNumber;

    private const UnicodeCategoryFlags Marks =
        UnicodeCategoryFlags.NonSpacingMark | UnicodeCategoryFlags.SpacingCombiningMark | UnicodeCategoryFlags.EnclosingMark;

    private const UnicodeCategoryFlags Letters = UnicodeCategoryFlags.UppercaseLetter | UnicodeCategoryFlags.LowercaseLetter
        | UnicodeCategoryFlags.TitlecaseLetter | UnicodeCategoryFlags.ModifierLetter | UnicodeCategoryFlags.OtherLetter;

    /// <summary>The property White_Space.</summary>
    public static ScalarSet WhiteSpace { get; } = new UnionSet(
    [
        new RangeSet([('\t', '\r'), ('\u0085', '\u0085')]),
        new CategorySet(UnicodeCategoryFlags.SpaceSeparator | UnicodeCategoryFlags.LineSeparator | UnicodeCategoryFlags.ParagraphSeparator),
    ]);

    /// <summary>General category N.</summary>
    public static ScalarSet Numeric { get; } = new CategorySet(Numbers);

    /// <summary>General category Nd.</summary>
    public static ScalarSet Digits { get; } = new CategorySet(UnicodeCategoryFlags.DecimalDigitNumber);

    /// <summary>General category M, as of Unicode 9.</summary>
    public static ScalarSet Mark { get; } = Earlier(Marks, EarlierUnicode.Unicode9, [(0x1CF2, 0x1CF3)], [(0x111C9, 0x111C9)]);

    /// <summary>General category Mn, as of Unicode 8.</summary>
    public static ScalarSet NonSpacingMark { get; } = Earlier(UnicodeCategoryFlags.NonSpacingMark, EarlierUnicode.Unicode8,
        [(0x1734, 0x1734), (0x1171E, 0x1171E)], [(0x1885, 0x1886), (0xA9BD, 0xA9BD), (0x111C9, 0x111C9)]);

    /// <summary>ASCII's punctuation, signs included, and general category P, as of Unicode 8.</summary>
    public static ScalarSet BertPunctuation { get; } = new UnionSet(
    [
        new RangeSet([('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        Earlier(Punctuation, EarlierUnicode.Unicode8, [(0x166D, 0x166D), (0x111C9, 0x111C9)], []),
    ]);

    /// <summary>Controls, formats, private use, as of Unicode 8: what BERT takes out, line ends and tabs apart.</summary>
    public static ScalarSet BertControl { get; } = new IntersectionSet(
    [
        new CategorySet(UnicodeCategoryFlags.Control | UnicodeCategoryFlags.Format | UnicodeCategoryFlags.PrivateUse),
        EarlierUnicode.Unicode8,
        new ComplementSet(new RangeSet([('\t', '\n'), ('\r', '\r')])),
    ]);

    /// <summary>Letters, marks, decimal numbers, letter numbers, circled letters, connecting punctuation: what a word is made
    /// of.</summary>
    public static ScalarSet Word { get; } = new UnionSet(
    [
        new CategorySet(Letters | Marks | UnicodeCategoryFlags.DecimalDigitNumber | UnicodeCategoryFlags.LetterNumber
            | UnicodeCategoryFlags.ConnectorPunctuation),
        new RangeSet([(0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189)]),
    ]);

    /// <summary><see cref="Word"/> and the two joiners.</summary>
    public static ScalarSet WordOrJoiner { get; } = new UnionSet([Word, new RangeSet([(0x200C, 0x200D)])]);

    /// <summary>The set of one general category or of a group of them, by its short name; null where there is no such
    /// name.</summary>
    public static ScalarSet? ByCategory(string name) => Flags(name) is { } flags ? new CategorySet(flags) : null;

    // Categories as of an earlier version: without what came later, with what was in them then, and without what was not.
    private static UnionSet Earlier(UnicodeCategoryFlags categories, ScalarSet version, (int, int)[] then,
        (int, int)[] notThen) => new(
    [
        new RangeSet(then), new IntersectionSet([new CategorySet(categories), version, new ComplementSet(new RangeSet(notThen))]),
    ]);

    private static UnicodeCategoryFlags? Flags(string name) => name switch
    {
        "L" => Letters,
        "M" => Marks,
        "N" => Numbers,
        "P" => Punctuation,
        "S" => UnicodeCategoryFlags.MathSymbol | UnicodeCategoryFlags.CurrencySymbol | UnicodeCategoryFlags.ModifierSymbol
            | UnicodeCategoryFlags.OtherSymbol,
        "Z" => UnicodeCategoryFlags.SpaceSeparator | UnicodeCategoryFlags.LineSeparator | UnicodeCategoryFlags.ParagraphSeparator,
        "C" => UnicodeCategoryFlags.Control | UnicodeCategoryFlags.Format | UnicodeCategoryFlags.Surrogate | UnicodeCategoryFlags.PrivateUse
            | UnicodeCategoryFlags.OtherNotAssigned,
        "LC" or "L&" =>
            UnicodeCategoryFlags.UppercaseLetter | UnicodeCategoryFlags.LowercaseLetter | UnicodeCategoryFlags.TitlecaseLetter,
        _ => Category(name) is { } category ? (UnicodeCategoryFlags)(1 << (int)category) : null,
    };

    private static UnicodeCategory? Category(string name) => name switch
    {
        "Lu" => UnicodeCategory.UppercaseLetter,
        "Ll" => UnicodeCategory.LowercaseLetter,
        "Lt" => UnicodeCategory.TitlecaseLetter,
        "Lm" => UnicodeCategory.ModifierLetter,
        "Lo" => UnicodeCategory.OtherLetter,
        "Mn" => UnicodeCategory.NonSpacingMark,
        "Mc" => UnicodeCategory.SpacingCombiningMark,
        "Me" => UnicodeCategory.EnclosingMark,
        "Nd" => UnicodeCategory.DecimalDigitNumber,
        "Nl" => UnicodeCategory.LetterNumber,
        "No" => UnicodeCategory.OtherNumber,
        "Zs" => UnicodeCategory.SpaceSeparator,
        "Zl" => UnicodeCategory.LineSeparator,
        "Zp" => UnicodeCategory.ParagraphSeparator,
        "Cc" => UnicodeCategory.Control,
        "Cf" => UnicodeCategory.Format,
        "Cs" => UnicodeCategory.Surrogate,
        "Co" => UnicodeCategory.PrivateUse,
        "Cn" => UnicodeCategory.OtherNotAssigned,
        "Pc" => UnicodeCategory.ConnectorPunctuation,
        "Pd" => UnicodeCategory.DashPunctuation,
        "Ps" => UnicodeCategory.OpenPunctuation,
        "Pe" => UnicodeCategory.ClosePunctuation,
        "Pi" => UnicodeCategory.InitialQuotePunctuation,
        "Pf" => UnicodeCategory.FinalQuotePunctuation,
        "Po" => UnicodeCategory.OtherPunctuation,
        "Sm" => UnicodeCategory.MathSymbol,
        "Sc" => UnicodeCategory.CurrencySymbol,
        "Sk" => UnicodeCategory.ModifierSymbol,
        "So" => UnicodeCategory.OtherSymbol,
        _ => null,
    };
}
