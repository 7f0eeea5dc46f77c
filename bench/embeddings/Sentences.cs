using Octavo.Core;
using Octavo.Core.Tokenizers;

namespace Octavo.Bench.Embeddings;

/// <summary>Sentences of mixed length: runs of words from this repository's documents, each of 5 to 60 tokens, equally often.</summary>
internal static class Sentences
{
    private const int Least = 5;
    private const int Most = 60;

    // the file itself asks for texts to be filled up to 128 tokens
    private static readonly InputOptions _unpadded = new();

    /// <summary>Makes them, the same each time while the documents stay.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="count">How many.</param>
    public static (string[] Texts, int[][] Ids) Make(string root, Tokenizer tokenizer, int count)
    {
        var words = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md").Append(Path.Combine(root, "README.md"))
            .Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(line => line.Length > 60 && char.IsLetter(line[0]))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var random = new SeededRandom(21);
        var texts = new string[count];
        var ids = new int[count][];
        for (var i = 0; i < count; i++)
            (texts[i], ids[i]) = One(words, random.Next(words.Length - Most), Least + random.Next(Most - Least + 1), tokenizer);
        return (texts, ids);
    }

    // The first words that reach the length; where the last one passes it by several pieces, the text is that much longer.
    private static (string Text, int[] Ids) One(string[] words, int first, int length, Tokenizer tokenizer)
    {
        for (var end = first + 1; ; end++)
        {
            var text = string.Join(' ', words[first..end]);
            var ids = tokenizer.EncodeInput(text, null, _unpadded).Ids;
            if (ids.Length >= length)
                return (text, [.. ids]);
        }
    }
}
