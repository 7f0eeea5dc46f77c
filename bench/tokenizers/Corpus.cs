using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octavo.Core;

namespace Octavo.Bench.Tokenizers;

/// <summary>Texts to encode, in documents of some thousand characters.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Documents">The texts.</param>
internal sealed record Corpus(string Name, string[] Documents)
{
    private const int DocumentLength = 4000;

    /// <summary>The size of all texts in UTF-8.</summary>
    public long Bytes { get; } = Documents.Sum(text => (long)Encoding.UTF8.GetByteCount(text));

    /// <summary>English: this repository's documents. Code: its sources. Arabic: sentences put together of the words of the goldens' texts,
    /// the n-th word as often as 1/n.</summary>
    public static IEnumerable<Corpus> All(string root) =>
    [
        new Corpus("English", Cut(Read(root, "*.md"))),
        new Corpus("Arabic", Cut(MakeArabic(root))),
        new Corpus("code", Cut(Read(Path.Combine(root, "src"), "*.cs"))),
    ];

    private static string Read(string folder, string pattern) => string.Join("\n\n",
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains("/artifacts/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(File.ReadAllText));

    private static string MakeArabic(string root)
    {
        var texts = Directory.EnumerateFiles(Path.Combine(root, "golden"), "cases.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).SelectMany(Strings);
        string[] words = [.. texts.SelectMany(text => Regex.Matches(text, "[\u0600-\u06FF]+").Select(match => match.Value)).Distinct()];
        var random = new SeededRandom(11);
        var total = Enumerable.Range(1, words.Length).Sum(rank => 1.0 / rank);
        var result = new StringBuilder();
        while (result.Length < 100_000)
        {
            var at = random.Next(1 << 30) / (double)(1 << 30) * total;
            var rank = 0;
            while (rank + 1 < words.Length && (at -= 1.0 / (rank + 1)) > 0)
                rank++;
            result.Append(words[rank]).Append(random.Next(12) switch { 0 => "، ", 1 => ".\n", _ => " " });
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

    private static string[] Cut(string text)
    {
        List<string> documents = [];
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + DocumentLength);
            // Between lines, so that no character is cut.
            while (end < text.Length && text[end - 1] is not ('\n' or ' '))
                end++;
            documents.Add(text[start..end]);
            start = end;
        }
        return [.. documents];
    }
}
