using System.Buffers;
using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>How long an answer is.</summary>
internal static partial class LengthChecks
{
    private static readonly SearchValues<char> _wordEnds = SearchValues.Create(".,?!'\"");

    public static IReadOnlyList<IfevalCheck> All { get; } =
    [
        new("length_constraints:number_sentences", (arguments, answer) =>
            arguments.Compare(Sentences(answer), "num_sentences", "relation"))
        {
            Approximation = "sentences are counted by a rule; the reference splits with trained parameters (punkt)",
        },
        new("length_constraints:number_paragraphs", Paragraphs),
        new("length_constraints:number_words", (arguments, answer) =>
            arguments.Compare(PythonText.CountWords(answer), "num_words", "relation")),
        new("length_constraints:nth_paragraph_first_word", NthParagraph),
    ];

    /// <summary>Ends of sentences with something behind them, abbreviations left out.</summary>
    public static int Sentences(string text)
    {
        var stripped = PythonText.Strip(text);
        return stripped.Length == 0 ? 0 : 1 + SentenceEnd().Count(stripped);
    }

    private static bool Paragraphs(IfevalArguments arguments, string answer)
    {
        var parts = Stars().Split(answer);
        var count = parts.Length;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!PythonText.IsEmpty(parts[i]))
                continue;
            if (i != 0 && i != parts.Length - 1)
                return false;
            count--;
        }
        return count == arguments.Whole("num_paragraphs");
    }

    // The paragraph is looked up among all parts, empty ones too; only the others are counted.
    private static bool NthParagraph(IfevalArguments arguments, string answer)
    {
        var parts = answer.Split("\n\n");
        var count = parts.Count(part => !PythonText.IsEmpty(part));
        var nth = arguments.Whole("nth_paragraph");
        if (nth > count || nth < 1)
            return false;
        var paragraph = PythonText.Strip(parts[nth - 1]);
        if (paragraph.Length == 0)
            return false;
        var word = string.Concat(paragraph.TakeWhile(letter => !PythonText.IsBlank(letter))).TrimStart('\'').TrimStart('"');
        var end = word.AsSpan().IndexOfAny(_wordEnds);
        return count == arguments.Whole("num_paragraphs")
            && PythonText.Lower(end < 0 ? word : word[..end]) == PythonText.Lower(arguments.Text("first_word"));
    }

    [GeneratedRegex(@"[\s\x1c-\x1f]?\*\*\*[\s\x1c-\x1f]?")]
    private static partial Regex Stars();

    [GeneratedRegex(@"(?<!\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|[A-Z]))[.!?]+[""'\)\]]*\s+(?=[""'\(\[]?[\p{Lu}\p{Lo}\d])")]
    private static partial Regex SentenceEnd();
}
