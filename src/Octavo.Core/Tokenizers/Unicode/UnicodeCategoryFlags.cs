using System.Globalization;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>General categories as bits, in the order of <see cref="UnicodeCategory"/>.</summary>
[Flags]
internal enum UnicodeCategoryFlags
{
    UppercaseLetter = 1 << UnicodeCategory.UppercaseLetter,
    LowercaseLetter = 1 << UnicodeCategory.LowercaseLetter,
    TitlecaseLetter = 1 << UnicodeCategory.TitlecaseLetter,
    ModifierLetter = 1 << UnicodeCategory.ModifierLetter,
    OtherLetter = 1 << UnicodeCategory.OtherLetter,
    NonSpacingMark = 1 << UnicodeCategory.NonSpacingMark,
    SpacingCombiningMark = 1 << UnicodeCategory.SpacingCombiningMark,
    EnclosingMark = 1 << UnicodeCategory.EnclosingMark,
    DecimalDigitNumber = 1 << UnicodeCategory.DecimalDigitNumber,
    LetterNumber = 1 << UnicodeCategory.LetterNumber,
    OtherNumber = 1 << UnicodeCategory.OtherNumber,
    SpaceSeparator = 1 << UnicodeCategory.SpaceSeparator,
    LineSeparator = 1 << UnicodeCategory.LineSeparator,
    ParagraphSeparator = 1 << UnicodeCategory.ParagraphSeparator,
    Control = 1 << UnicodeCategory.Control,
    Format = 1 << UnicodeCategory.Format,
    Surrogate = 1 << UnicodeCategory.Surrogate,
    PrivateUse = 1 << UnicodeCategory.PrivateUse,
    ConnectorPunctuation = 1 << UnicodeCategory.ConnectorPunctuation,
    DashPunctuation = 1 << UnicodeCategory.DashPunctuation,
    OpenPunctuation = 1 << UnicodeCategory.OpenPunctuation,
    ClosePunctuation = 1 << UnicodeCategory.ClosePunctuation,
    InitialQuotePunctuation = 1 << UnicodeCategory.InitialQuotePunctuation,
    FinalQuotePunctuation = 1 << UnicodeCategory.FinalQuotePunctuation,
    OtherPunctuation = 1 << UnicodeCategory.OtherPunctuation,
    MathSymbol = 1 << UnicodeCategory.MathSymbol,
    CurrencySymbol = 1 << UnicodeCategory.CurrencySymbol,
    ModifierSymbol = 1 << UnicodeCategory.ModifierSymbol,
    OtherSymbol = 1 << UnicodeCategory.OtherSymbol,
    OtherNotAssigned = 1 << UnicodeCategory.OtherNotAssigned,
}
