using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Systems.ScBench.Data;

namespace Octavo.Systems.ScBench.Scoring;

/// <summary>
/// Math.Find. The released code takes the first number without its sign and, where the gold one is whole, without its fraction:
/// "-991.7" is 991, "1,000" is 1. Strictly, the prediction states one number only, and it equals the gold one.
/// </summary>
internal sealed partial class NumberScorer : Scorer
{
    public override string Name => "math_find";

    public override double Parity(string prediction, GoldAnswer gold)
    {
        if (First().Match(prediction) is not { Success: true } match)
            return 0;
        var number = Value(string.Concat(match.Value.Select(Ascii)));
        var wanted = gold.Texts[0];
        var isWhole = wanted.All(letter => char.IsAsciiDigit(letter) || letter == '-');
        return Score((isWhole ? Math.Truncate(number) : number) == Value(wanted));
    }

    public override double Strict(string prediction, GoldAnswer gold) =>
        Score(StatedNumbers.In(prediction).Select(Value).Distinct().ToList() is [var number] && number == Value(gold.Texts[0]));

    private static double Value(string number) => double.Parse(number, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    // digits of other scripts count, as in Python
    private static char Ascii(char letter) => char.IsDigit(letter) ? (char)('0' + (int)char.GetNumericValue(letter)) : letter;

    [GeneratedRegex(@"\d+\.\d+|\d+")]
    private static partial Regex First();
}
