using System.Text;
using Octavo.Core;

namespace Octavo.Systems.ScBench.Tasks;

/// <summary>Sentences that hide others among them.</summary>
internal static class Haystack
{
    /// <summary>Five sentences that come again and again, as RULER's noise does (arXiv 2404.06654); the wording is our own.</summary>
    public static IReadOnlyList<string> Noise { get; } =
    [
        "The road runs along the lake.", "A light wind moves the reeds.", "Nobody is on the way today.", "The boats lie still at the pier.",
        "Then the evening comes, and the lamps are lit.",
    ];

    private static readonly string[] _verbs =
    [
        "stands near", "lies behind", "was moved to", "belongs to", "is older than", "was painted after", "is kept under", "was sold with",
        "leans on", "faces",
    ];

    /// <summary>A sentence about two things.</summary>
    public static string Sentence(SeededRandom random) =>
        $"The {Thing(random)} {random.Pick(_verbs)} the {Thing(random)}.";

    /// <summary>Puts needles, in their order, between sentences: one at a random place of each of as many equal parts as there are
    /// needles.</summary>
    /// <param name="random">Draws the places.</param>
    /// <param name="needles">What is hidden.</param>
    /// <param name="sentences">What hides it; sentences come before the needle of their place.</param>
    public static string Hide(SeededRandom random, IReadOnlyList<string> needles, IReadOnlyList<string> sentences)
    {
        var text = new StringBuilder();
        var sentence = 0;
        for (var needle = 0; needle < needles.Count; needle++)
        {
            var from = (int)((long)needle * sentences.Count / needles.Count);
            var to = (int)((long)(needle + 1) * sentences.Count / needles.Count);
            for (var place = random.Between(from, to); sentence < place; sentence++)
                Append(text, sentences[sentence]);
            Append(text, needles[needle]);
        }
        for (; sentence < sentences.Count; sentence++)
            Append(text, sentences[sentence]);
        return text.ToString();
    }

    private static string Thing(SeededRandom random) => $"{random.Pick(Words.Adjectives)} {random.Pick(Words.Nouns)}";

    private static void Append(StringBuilder text, string sentence) => text.Append(text.Length > 0 ? " " : "").Append(sentence);
}
