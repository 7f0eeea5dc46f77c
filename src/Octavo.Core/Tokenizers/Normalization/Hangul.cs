namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Hangul syllables and their parts, by Unicode's arithmetic.</summary>
internal static class Hangul
{
    public const int FirstVowel = 0x1161;
    public const int Vowels = 21;

    /// <summary>One before the first final consonant.</summary>
    public const int FirstFinal = 0x11A7;

    public const int Finals = 28;

    private const int FirstSyllable = 0xAC00;
    private const int FirstLead = 0x1100;
    private const int Leads = 19;

    /// <summary>Takes a syllable apart, one step: the final consonant first.</summary>
    public static bool TryDecompose(int scalar, out int first, out int second)
    {
        var index = scalar - FirstSyllable;
        if ((uint)index >= Leads * Vowels * Finals)
        {
            first = second = -1;
            return false;
        }
        var final = index % Finals;
        (first, second) = final > 0
            ? (scalar - final, FirstFinal + final)
            : (FirstLead + index / (Vowels * Finals), FirstVowel + index / Finals % Vowels);
        return true;
    }

    /// <summary>Puts two parts together, or gives -1.</summary>
    public static int Compose(int first, int second)
    {
        var lead = first - FirstLead;
        var vowel = second - FirstVowel;
        if ((uint)lead < Leads && (uint)vowel < Vowels)
            return FirstSyllable + (lead * Vowels + vowel) * Finals;
        var index = first - FirstSyllable;
        var final = second - FirstFinal;
        return (uint)index < Leads * Vowels * Finals && index % Finals == 0 && final is > 0 and < Finals ? first + final : -1;
    }
}
