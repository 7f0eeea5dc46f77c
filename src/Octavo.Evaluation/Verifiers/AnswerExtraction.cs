using System.Text.RegularExpressions;

namespace Octavo.Evaluation.Verifiers;

/// <summary>Reads the number that an answer ends with, by the protocols that published GSM8K scores use.</summary>
internal static partial class AnswerExtraction
{
    /// <summary>What stands for an answer without a number.</summary>
    public const string Invalid = "[invalid]";

    /// <summary>The first number behind <c>#### </c>, as it is written.</summary>
    public static string Strict(string text) => First(Marked(), text);

    /// <summary>The first number behind <c>The answer is </c>, without the sign that has to follow it.</summary>
    public static string ChainOfThought(string text) => First(Said(), text);

    /// <summary>The last thing that looks like a number.</summary>
    public static string Flexible(string text)
    {
        var all = Numberlike().Matches(text);
        return all.Count == 0 ? Invalid : all[^1].Value.Trim();
    }

    /// <summary>The number behind <c>#### </c> without commas: both the answer and the gold text are read so, and compared as texts.</summary>
    public static string Lighteval(string text) => Strict(text).Replace(",", "", StringComparison.Ordinal);

    /// <summary>
    /// The last number once commas between digits are gone, without its sign where it is whole; the whole text where there is none.
    /// </summary>
    public static string Rlvr(string text)
    {
        var plain = CommaInNumber().Replace(text, "$1$2");
        var all = UnsignedNumber().Matches(plain);
        return all.Count == 0 ? plain : all[^1].Value;
    }

    private static string First(Regex pattern, string text) =>
        pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : Invalid;

    [GeneratedRegex(@"#### (\-?[0-9\.\,]+)")]
    private static partial Regex Marked();

    // the reference means a full stop and takes any sign: "12" at the end of an answer is read as 1
    [GeneratedRegex(@"The answer is (\-?[0-9\.\,]+).")]
    private static partial Regex Said();

    [GeneratedRegex(@"(-?[$0-9.,]{2,})|(-?[0-9]+)")]
    private static partial Regex Numberlike();

    [GeneratedRegex(@"(\d),(\d)")]
    private static partial Regex CommaInNumber();

    [GeneratedRegex(@"[-+]?\d*\.\d+|\d+")]
    private static partial Regex UnsignedNumber();
}
