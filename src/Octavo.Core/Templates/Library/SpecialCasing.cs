namespace Octavo.Core.Templates.Library;

/// <summary>
/// The letters whose upper or title case .NET does not give: those that become several letters, and the
/// dotless i and long s, which .NET leaves alone. The table is that of Unicode's SpecialCasing, without conditions.
/// </summary>
internal static class SpecialCasing
{
    /// <summary>The upper case of a letter; null where .NET's own mapping is right.</summary>
    public static string? Upper(char letter) => letter switch
    {
        < '\u00df' => null,
        'ß' => "SS",
        'ı' => "I",
        'ŉ' => "ʼN",
        'ſ' => "S",
        'ǰ' => "J\u030c",
        'ΐ' or '\u1fd3' => "Ι\u0308\u0301",
        'ΰ' or '\u1fe3' => "Υ\u0308\u0301",
        'և' => "ԵՒ",
        >= '\u1e96' and <= '\u1e9a' => Latin(letter),
        >= '\u1f50' and <= '\u1ffc' or >= '\u1f80' and <= '\u1faf' => Greek(letter),
        >= '\ufb00' and <= '\ufb17' => Ligature(letter),
        _ => null,
    };

    /// <summary>The title case of a letter; null where it is the upper case.</summary>
    public static string? Title(char letter)
    {
        if (letter < '\u00df') return null;
        switch (letter)
        {
            case >= 'Ǆ' and <= 'ǆ': return "ǅ";
            case >= 'Ǉ' and <= 'ǉ': return "ǈ";
            case >= 'Ǌ' and <= 'ǌ': return "ǋ";
            case >= 'Ǳ' and <= 'ǳ': return "ǲ";
            case 'ŉ': return null;
            // Georgian letters have an upper case that is not used for titles.
            case >= '\u10d0' and <= '\u10ff': return letter.ToString();
        }
        if (Upper(letter) is not { Length: > 1 } upper) return null;
        if (letter is >= '\u1f80' and <= '\u1faf' or '\u1fb3' or '\u1fbc' or '\u1fc3' or '\u1fcc' or '\u1ff3' or '\u1ffc')
            return char.ToUpperInvariant(letter).ToString();
        return upper[^1] == 'Ι' ? upper[..^1] + '\u0345' : upper[0] + upper[1..].ToLowerInvariant();
    }

    private static string Latin(char letter) => letter switch
    {
        '\u1e96' => "H\u0331",
        '\u1e97' => "T\u0308",
        '\u1e98' => "W\u030a",
        '\u1e99' => "Y\u030a",
        _ => "A\u02be",
    };

    private static string? Greek(char letter) => letter switch
    {
        '\u1f50' => "Υ\u0313",
        '\u1f52' => "Υ\u0313\u0300",
        '\u1f54' => "Υ\u0313\u0301",
        '\u1f56' => "Υ\u0313\u0342",
        >= '\u1f80' and <= '\u1faf' => $"{(char)((letter < '\u1f90' ? 0x1f08 : letter < '\u1fa0' ? 0x1f28 : 0x1f68) + (letter & 7))}Ι",
        '\u1fb2' => "\u1fbaΙ",
        '\u1fb3' or '\u1fbc' => "ΑΙ",
        '\u1fb4' => "ΆΙ",
        '\u1fb6' => "Α\u0342",
        '\u1fb7' => "Α\u0342Ι",
        '\u1fc2' => "\u1fcaΙ",
        '\u1fc3' or '\u1fcc' => "ΗΙ",
        '\u1fc4' => "ΉΙ",
        '\u1fc6' => "Η\u0342",
        '\u1fc7' => "Η\u0342Ι",
        '\u1fd2' => "Ι\u0308\u0300",
        '\u1fd6' => "Ι\u0342",
        '\u1fd7' => "Ι\u0308\u0342",
        '\u1fe2' => "Υ\u0308\u0300",
        '\u1fe4' => "Ρ\u0313",
        '\u1fe6' => "Υ\u0342",
        '\u1fe7' => "Υ\u0308\u0342",
        '\u1ff2' => "\u1ffaΙ",
        '\u1ff3' or '\u1ffc' => "ΩΙ",
        '\u1ff4' => "ΏΙ",
        '\u1ff6' => "Ω\u0342",
        '\u1ff7' => "Ω\u0342Ι",
        _ => null,
    };

    private static string? Ligature(char letter) => letter switch
    {
        '\ufb00' => "FF",
        '\ufb01' => "FI",
        '\ufb02' => "FL",
        '\ufb03' => "FFI",
        '\ufb04' => "FFL",
        '\ufb05' or '\ufb06' => "ST",
        '\ufb13' => "ՄՆ",
        '\ufb14' => "ՄԵ",
        '\ufb15' => "ՄԻ",
        '\ufb16' => "ՎՆ",
        '\ufb17' => "ՄԽ",
        _ => null,
    };
}
