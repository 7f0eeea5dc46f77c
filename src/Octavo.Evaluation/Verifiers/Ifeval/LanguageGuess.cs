using System.Globalization;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>
/// Guesses a language by its script, and among those in Latin letters by the commonest words. Good for whole sentences, and no more than
/// that: verdicts that rest on it are labelled approximate.
/// </summary>
internal static class LanguageGuess
{
    private static readonly (string Language, string Words)[] _common =
    [
        ("en", "the and of to in is that it was for on are as with his they at be this have from or had by not but what all were we when your can said there"),
        ("de", "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei ich"),
        ("fr", "de la le et les des en un une du que est pour qui dans par plus pas au sur ne se ce il sont avec son mais elle nous vous je"),
        ("es", "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta es son"),
        ("it", "di e il la che in un a per è una sono non con si da come le dei nel alla più anche ma del lo gli della ha questo"),
        ("pt", "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou"),
        ("nl", "de van het een en in is dat op te zijn met voor niet aan er om ook als bij maar die uit door naar heeft hij ik"),
        ("sv", "och i att det som en på är av för med till den har de inte om ett han var jag men sig från vi så kan"),
        ("pl", "w i na z się do nie że to jest o jak a po za przez od co ale dla jego są czy oraz tym było"),
        ("fi", "ja on ei että se hän oli joka mutta kun ovat myös niin kuin tai sen mitä vain ole hänen"),
        ("vi", "và của là có trong cho không được một với những các người đã này khi từ đến để"),
    ];

    private static readonly (string Language, char From, char To)[] _scripts =
    [
        ("ar", '\u0600', '\u06ff'), ("he", '\u0590', '\u05ff'), ("ru", '\u0400', '\u04ff'), ("el", '\u0370', '\u03ff'),
        ("hi", '\u0900', '\u097f'),
        ("bn", '\u0980', '\u09ff'), ("pa", '\u0a00', '\u0a7f'), ("gu", '\u0a80', '\u0aff'), ("ta", '\u0b80', '\u0bff'),
        ("te", '\u0c00', '\u0c7f'),
        ("kn", '\u0c80', '\u0cff'), ("ml", '\u0d00', '\u0d7f'), ("th", '\u0e00', '\u0e7f'), ("ko", '\uac00', '\ud7af'),
        ("ja", '\u3040', '\u30ff'),
        ("zh-cn", '\u4e00', '\u9fff'),
    ];

    /// <summary>ISO 639-1, or null where the text has no letters or nothing speaks for a language.</summary>
    public static string? Of(string text)
    {
        var letters = text.Count(char.IsLetter);
        if (letters == 0)
            return null;
        foreach (var (language, from, to) in _scripts)
        {
            // a little kana makes a text Japanese, whatever else is in it
            var share = language == "ja" ? 0.1 : 0.4;
            if (text.Count(letter => letter >= from && letter <= to) > share * letters)
                return language;
        }
        var words = text.ToLower(CultureInfo.InvariantCulture).Split([.. text.Where(letter => !char.IsLetter(letter)).Distinct()]);
        var best = _common.Select(pair => (pair.Language, Count: Count(words, pair.Words))).MaxBy(pair => pair.Count);
        return best.Count == 0 ? null : best.Language;
    }

    private static int Count(string[] words, string common)
    {
        var known = common.Split(' ').ToHashSet();
        return words.Count(known.Contains);
    }
}
