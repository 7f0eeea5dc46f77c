namespace Octavo.Evaluation.English;

/// <summary>Tells English prose from lists, code, names and other languages.</summary>
internal static class EnglishFilter
{
    private const int FewestLetters = 60;
    private const int FewestWords = 10;
    private const double LetterShare = 0.75;
    private const double CommonShare = 0.2;

    private static readonly HashSet<string> _common =
    [
        .. "the of and to a in is that it for on as with be are this by or an not from can you if which will at has have may when used was but all other than".Split(' '),
    ];

    /// <summary>Whether a paragraph is made of sentences: enough words, mostly letters, the commonest words, an end.</summary>
    public static bool Accepts(string paragraph)
    {
        if (paragraph.Length < FewestLetters || !".!?:\"')".Contains(paragraph[^1]))
            return false;
        if (!char.IsAsciiLetterUpper(paragraph.FirstOrDefault(letter => !"\"'(".Contains(letter))))
            return false;
        if (paragraph.Count(char.IsAsciiLetter) < LetterShare * paragraph.Count(letter => letter != ' '))
            return false;
        var words = paragraph.Split(' ');
        return words.Length >= FewestWords && words.Count(word => _common.Contains(word.ToLowerInvariant())) >= CommonShare * words.Length;
    }
}
