using Octavo.Evaluation.Verifiers;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// En.MultiChoice; the gold answer lists the option's text and its letter. The released code takes a first character A to D as the answer
/// before it looks at the text ("Because of rain" is B), knows its cues in lower case only and skips one character behind them
/// ("answer:B" is nothing), and at last takes the first word that is part of "ABCD" ("AB" is such a word, "(B)" is none). Strictly,
/// the option that the prediction chooses by letter, or else by its text alone, must be the gold one.
/// </summary>
internal sealed class ChoiceScorer : Scorer
{
    private const string Letters = "ABCD";

    private static readonly string[] _cues = ["answer is:", "answer:", "answer is", "option is"];

    public override string Name => "longbook_choice_eng";

    public override double Parity(string prediction, GoldAnswer gold)
    {
        var text = PythonText.Strip(prediction);
        if (text.Length == 0)
            return 0;
        if (Letters.Contains(text[0], StringComparison.Ordinal))
            return Score(gold.Texts.Contains(text[..1]));
        if (gold.Texts.Contains(text))
            return 1;
        text = Plain(text);
        foreach (var cue in _cues)
        {
            var at = text.IndexOf(cue, StringComparison.Ordinal);
            if (at >= 0)
                return Score(FollowedBy(text[(at + cue.Length)..], gold));
        }
        var first = PythonText.Split(text).FirstOrDefault(word => Letters.Contains(word, StringComparison.Ordinal));
        return Score(first is not null && gold.Texts.Contains(first));
    }

    public override double Strict(string prediction, GoldAnswer gold) => OptionLetter.Read(prediction) is { } letter
        ? Score(gold.Texts.Contains(letter))
        : Score(gold.Texts.Any(text => text.Length > 1 && FreeAnswer.Is(prediction, text, ignoreCase: true)));

    private static string Plain(string text)
    {
        var plain = string.Concat(text.Select(letter => letter is '\n' or '"' or '\'' or '.' or ',' or '?' or '!' or '{' or '}' ? ' ' : letter));
        while (plain.Contains("  ", StringComparison.Ordinal))
            plain = plain.Replace("  ", " ", StringComparison.Ordinal);
        return plain;
    }

    private static bool FollowedBy(string rest, GoldAnswer gold)
    {
        if (rest.Length == 0)
            return false;
        rest = rest[(char.IsHighSurrogate(rest[0]) ? 2 : 1)..];
        return gold.Texts.Any(text => rest.StartsWith(text, StringComparison.Ordinal));
    }
}
