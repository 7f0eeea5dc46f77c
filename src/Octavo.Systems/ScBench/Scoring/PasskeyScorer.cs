using System.Text.RegularExpressions;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// Passkeys. The released code takes the first run of ASCII digits, also out of a word, a negative number or a fraction, and
/// whatever follows; of a list the first item is the gold one. Strictly, the prediction names exactly one number, and it is the key
/// as it is written.
/// </summary>
internal sealed partial class PasskeyScorer : Scorer
{
    public override string Name => "passkey";

    public override double Parity(string prediction, GoldAnswer gold) => Score(Digits().Match(prediction).Value == gold.Texts[0]);

    public override double Strict(string prediction, GoldAnswer gold) =>
        Score(StatedNumbers.In(prediction).Distinct().ToList() is [var number] && number == gold.Texts[0]);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
