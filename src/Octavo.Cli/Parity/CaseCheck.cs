using System.Globalization;

namespace Octavo.Cli.Parity;

/// <summary>Counts the cases of one output that are texts, lists or tables and have to be the same.</summary>
internal sealed class CaseCheck(string name)
{
    private int _compared;
    private int _different;
    private string? _first;

    /// <summary>The output.</summary>
    public string Name => name;

    /// <summary>Compares one case.</summary>
    /// <param name="isSame">Whether it is as expected.</param>
    /// <param name="describe">Says what differs; asked only for the first that does.</param>
    public void Add(bool isSame, Func<string> describe)
    {
        _compared++;
        if (isSame)
            return;
        _different++;
        _first ??= describe();
    }

    /// <summary>Compares lists.</summary>
    public void AddList(string label, IReadOnlyList<int> actual, IReadOnlyList<int> expected) =>
        Add(actual.SequenceEqual(expected), () => $"{label}: [{Short(actual)}] instead of [{Short(expected)}]");

    /// <summary>Compares numbers, which may be so far apart.</summary>
    public void AddNumber(string label, double actual, double expected, double tolerance) => Add(
        Math.Abs(actual - expected) <= tolerance, () => string.Create(CultureInfo.InvariantCulture, $"{label}: {actual:R} instead of {expected:R}"));

    /// <summary>Compares texts.</summary>
    public void AddText(string label, string actual, string expected) =>
        Add(actual == expected, () => $"{label}: {Quote(actual)} instead of {Quote(expected)}");

    /// <summary>Compares yes or no.</summary>
    public void AddFlag(string label, bool actual, bool expected) => Add(actual == expected, () => $"{label}: {actual} instead of {expected}");

    /// <summary>The outcomes of those that compared a case.</summary>
    public static List<OutputCheck> Outcomes(params CaseCheck[] checks) => [.. checks.Select(check => check.Outcome()).OfType<OutputCheck>()];

    /// <summary>The outcome; none where no case was compared.</summary>
    public OutputCheck? Outcome() => _compared == 0 ? null : new OutputCheck(name, _different, 0, _compared, _different == 0, _first);

    /// <summary>A text as it can be shown on one line.</summary>
    public static string Quote(string text)
    {
        var line = text.ReplaceLineEndings("⏎");
        return $"'{(line.Length > 80 ? line[..80] + "…" : line)}'";
    }

    private static string Short(IReadOnlyList<int> numbers) => string.Join(", ", numbers.Take(16)) + (numbers.Count > 16 ? ", …" : "");
}
