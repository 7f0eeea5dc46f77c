using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>Which words and letters an answer has. Keywords are patterns, as in the paper's code.</summary>
internal static class KeywordChecks
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    public static IReadOnlyList<IfevalCheck> All { get; } =
    [
        new("keywords:existence", (arguments, answer) => arguments.Texts("keywords").All(word => Find(word).IsMatch(answer))),
        new("keywords:frequency", (arguments, answer) =>
            arguments.Compare(Find(PythonText.Strip(arguments.Text("keyword"))).Count(answer), "frequency", "relation")),
        new("keywords:forbidden_words", (arguments, answer) =>
            !arguments.Texts("forbidden_words").Any(word => Find($@"\b{word}\b").IsMatch(answer))),
        new("keywords:letter_frequency", LetterFrequency),
    ];

    private static bool LetterFrequency(IfevalArguments arguments, string answer)
    {
        var letter = PythonText.Lower(PythonText.Strip(arguments.Text("letter")));
        if (letter is not [>= 'a' and <= 'z'])
            throw new InputFileException($"keywords:letter_frequency: '{letter}' is no letter from a to z; the reference would draw one at random. Give one.");
        return arguments.Compare(PythonText.Lower(answer).Count(other => other == letter[0]), "let_frequency", "let_relation");
    }

    private static Regex Find(string pattern)
    {
        try
        {
            return new Regex(PythonText.Pattern(pattern), AnyCase, TimeSpan.FromSeconds(5));
        }
        catch (ArgumentException error)
        {
            throw new InputFileException($"the keyword '{pattern}' is no pattern: {error.Message} Keywords are patterns; write a backslash before signs.", error);
        }
    }
}
