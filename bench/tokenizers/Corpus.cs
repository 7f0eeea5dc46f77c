using System.Text;

namespace Octavo.Bench.Tokenizers;

/// <summary>Texts to encode.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Long">In parts of 16 thousand characters: prompts.</param>
/// <param name="Short">In parts of up to 200 characters: chat messages.</param>
internal sealed record Corpus(string Name, string[] Long, string[] Short)
{
    private const int Size = 64_000;
    private const int LongPart = 16_000;
    private const int ShortPart = 200;

    /// <summary>English: this repository's documents without tables and listings. Code: its sources. Arabic: <see cref="ArabicText"/>.
    /// Mixed: the three in turns, with signs, numbers, emoji and ideographs between.</summary>
    /// <param name="root">The repository.</param>
    public static Corpus[] All(string root)
    {
        var english = Read(Directory.EnumerateFiles(root, "*.md", SearchOption.AllDirectories).Where(IsSource), IsProse);
        var sources = Directory.EnumerateFiles(Path.Combine(root, "src/Octavo.Core"), "*.cs", SearchOption.AllDirectories);
        var code = Read(sources, _ => true);
        var arabic = ArabicText.Make(root, Size);
        return [Cut("English", english), Cut("code", code), Cut("Arabic", arabic), Cut("mixed", Mix(english, code, arabic))];
    }

    /// <summary>The size of texts in UTF-8.</summary>
    public static long Bytes(IEnumerable<string> texts) => texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text));

    private static string Read(IEnumerable<string> files, Func<string, bool> keeps)
    {
        var result = new StringBuilder();
        foreach (var line in files.Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(keeps))
        {
            result.Append(line).Append('\n');
            if (result.Length >= Size)
                break;
        }
        return result.ToString(0, Math.Min(result.Length, Size));
    }

    private static bool IsSource(string path) => !path.Contains("/artifacts/", StringComparison.Ordinal);

    private static bool IsProse(string line) => line.Length > 60 && (char.IsLetter(line[0]) || line[0] is '-' or '*');

    private static string Mix(params string[] texts)
    {
        string[] between =
            ["\n\n👍🏽 1,234.56 € — 2026-11-28\n", "\n日本語のテキストと中文。\n", "\r\n\tпривет, ça va? x² ≤ 10⁻³ 🎉\n"];
        var result = new StringBuilder();
        for (var at = 0; result.Length < Size; at += 400)
        {
            foreach (var (text, sign) in texts.Zip(between))
            {
                var start = Break(text, at % (text.Length - 1000));
                result.Append(text, start, Break(text, start + 400) - start).Append(sign);
            }
        }
        return result.ToString();
    }

    private static Corpus Cut(string name, string text) => new(name, Parts(text, LongPart), Parts(text, ShortPart));

    private static string[] Parts(string text, int length)
    {
        List<string> parts = [];
        for (var start = 0; start < text.Length;)
        {
            var end = Break(text, Math.Min(text.Length, start + length));
            parts.Add(text[start..end]);
            start = end;
        }
        return [.. parts];
    }

    // Behind a space or a line end, so that no character is cut.
    private static int Break(string text, int at)
    {
        while (at > 0 && at < text.Length && text[at - 1] is not ('\n' or ' '))
            at++;
        return at;
    }
}
