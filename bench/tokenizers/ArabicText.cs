using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Bench.Tokenizers;

/// <summary>
/// A text of Arabic words, for the repository has no long one: the words of the goldens' texts, the n-th as often as 1/n, with particles before
/// and endings behind. It has Arabic's letters and lengths of words, and no meaning.
/// </summary>
internal static class ArabicText
{
    private static readonly string[] _before = ["", "", "", "", "ال", "ال", "و", "ب", "وال", "لل"];
    private static readonly string[] _behind = ["", "", "", "", "", "ها", "هم", "ين", "ات", "ة"];

    /// <summary>Makes the text, the same each time.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="length">How many characters it has at least.</param>
    public static string Make(string root, int length)
    {
        var texts = Directory.EnumerateFiles(Path.Combine(root, "golden"), "cases.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).SelectMany(Strings);
        string[] words =
            [.. texts.SelectMany(text => Regex.Matches(text, "[\u0620-\u064A]{2,}").Select(match => match.Value)).Distinct()];
        var random = new SeededRandom(11);
        var total = Enumerable.Range(1, words.Length).Sum(rank => 1.0 / rank);
        var result = new StringBuilder();
        while (result.Length < length)
        {
            var at = random.Next(1 << 30) / (double)(1 << 30) * total;
            var rank = 0;
            while (rank + 1 < words.Length && (at -= 1.0 / (rank + 1)) > 0)
                rank++;
            result.Append(_before[random.Next(_before.Length)]).Append(words[rank]).Append(_behind[random.Next(_behind.Length)]);
            result.Append(random.Next(12) switch { 0 => "، ", 1 => ".\n", _ => " " });
        }
        return result.ToString();
    }

    private static List<string> Strings(string path)
    {
        List<string> strings = [];
        var reader = new Utf8JsonReader(File.ReadAllBytes(path));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
                strings.Add(reader.GetString()!);
        }
        return strings;
    }
}
