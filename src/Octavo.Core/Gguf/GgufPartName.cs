using System.Globalization;

namespace Octavo.Core.Gguf;

/// <summary>The names of split files: <c>STEM-00001-of-00003.gguf</c>.</summary>
internal static class GgufPartName
{
    private const string Pattern = "-00000-of-00000.gguf";

    /// <summary>The name of one part.</summary>
    /// <param name="stem">What stands before the numbers, with or without folders.</param>
    /// <param name="number">From 1.</param>
    /// <param name="count">How many parts there are.</param>
    public static string Of(string stem, int number, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{stem}-{number:D5}-of-{count:D5}.gguf");

    /// <summary>Takes a part's name apart.</summary>
    public static bool TryParse(string path, out string stem, out int number, out int count)
    {
        stem = "";
        number = count = 0;
        if (path.Length < Pattern.Length)
            return false;
        var tail = path.AsSpan(path.Length - Pattern.Length);
        for (var i = 0; i < tail.Length; i++)
        {
            if (Pattern[i] == '0' ? !char.IsAsciiDigit(tail[i]) : tail[i] != Pattern[i])
                return false;
        }
        stem = path[..^Pattern.Length];
        number = int.Parse(tail.Slice(1, 5), CultureInfo.InvariantCulture);
        count = int.Parse(tail.Slice(10, 5), CultureInfo.InvariantCulture);
        return true;
    }
}
