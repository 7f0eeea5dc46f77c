using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>What an answer is as a whole: its parts, its beginning and end, its case, its language.</summary>
internal static partial class WholeChecks
{
    private const string ByLanguage = "languages are told apart by their letters and commonest words; the reference uses trained profiles (langdetect)";

    public static IReadOnlyList<IfevalCheck> All { get; } =
    [
        new("language:response_language", (arguments, answer) =>
            LanguageGuess.Of(answer) is not { } language || language == arguments.Text("language")) { Approximation = ByLanguage },
        new("combination:two_responses", TwoResponses),
        new("combination:repeat_prompt", (arguments, answer) => PythonText.Lower(PythonText.Strip(answer))
            .StartsWith(PythonText.Lower(PythonText.Strip(arguments.Text("prompt_to_repeat"))), StringComparison.Ordinal)),
        new("startend:end_checker", (arguments, answer) => PythonText.Lower(PythonText.Strip(answer).Trim('"'))
            .EndsWith(PythonText.Lower(PythonText.Strip(arguments.Text("end_phrase"))), StringComparison.Ordinal)),
        new("startend:quotation", (_, answer) => PythonText.Strip(answer) is ['"', .., '"']),
        new("change_case:capital_word_frequency", (arguments, answer) =>
            arguments.Compare(Token().Matches(answer).Count(token => PythonText.IsUpper(token.Value)), "capital_frequency", "capital_relation"))
        {
            Approximation = "words are split by a rule; the reference splits sentences with trained parameters first (punkt)",
        },
        new("change_case:english_capital", (_, answer) => PythonText.IsUpper(answer) && IsEnglish(answer)) { Approximation = ByLanguage },
        new("change_case:english_lowercase", (_, answer) => PythonText.IsLower(answer) && IsEnglish(answer)) { Approximation = ByLanguage },
        new("punctuation:no_comma", (_, answer) => !answer.Contains(',', StringComparison.Ordinal)),
    ];

    private static bool TwoResponses(IfevalArguments arguments, string answer)
    {
        var parts = answer.Split("******");
        List<string> valid = [];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!PythonText.IsEmpty(parts[i]))
                valid.Add(PythonText.Strip(parts[i]));
            else if (i != 0 && i != parts.Length - 1)
                return false;
        }
        return valid.Count == 2 && valid[0] != valid[1];
    }

    private static bool IsEnglish(string answer) => LanguageGuess.Of(answer) is null or "en";

    // clitics are words of their own, as in the Penn Treebank
    [GeneratedRegex(@"[\p{L}\p{N}]+(?:[-.&/][\p{L}\p{N}]+)*|'[\p{L}]+")]
    private static partial Regex Token();
}
