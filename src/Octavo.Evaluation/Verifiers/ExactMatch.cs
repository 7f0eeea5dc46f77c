using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Verifiers;

/// <summary>Whether two texts are the same once what does not count is taken out of both, in this order.</summary>
/// <param name="Ignored">Patterns to take out.</param>
/// <param name="IgnoreCase">Whether the case of letters counts not.</param>
/// <param name="IgnorePunctuation">Takes out ASCII punctuation.</param>
/// <param name="IgnoreNumbers">Takes out ASCII digits.</param>
internal sealed record ExactMatch(
    IReadOnlyList<string> Ignored, bool IgnoreCase = false, bool IgnorePunctuation = false, bool IgnoreNumbers = false)
{
    /// <summary>How GSM8K's numbers are compared by lm-eval.</summary>
    public static ExactMatch Gsm8k { get; } = new([",", @"\$", "(?s).*#### ", @"\.$"], IgnoreCase: true);

    public bool Holds(string prediction, string reference) => Clean(prediction) == Clean(reference);

    private string Clean(string text)
    {
        foreach (var pattern in Ignored)
            text = Regex.Replace(text, pattern, "");
        if (IgnoreCase)
            text = PythonText.Lower(text);
        if (IgnorePunctuation)
            text = string.Concat(text.Where(letter => !(char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter)))));
        if (IgnoreNumbers)
            text = string.Concat(text.Where(letter => !char.IsAsciiDigit(letter)));
        return text;
    }
}
