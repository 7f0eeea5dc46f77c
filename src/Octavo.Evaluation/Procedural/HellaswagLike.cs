using System.Globalization;
using System.Text.RegularExpressions;
using Octavo.Core;
using Octavo.Evaluation.English;

namespace Octavo.Evaluation.Procedural;

/// <summary>
/// Sentences of documentation that are cut, with four ways to go on: the real one, its words in another order, and the ends of two other
/// sentences. "dev" and "test" come from files that "train" does not have.
/// </summary>
internal sealed partial record HellaswagLike : ProceduralTask
{
    private const int FewestWords = 14;
    private const int MostWords = 40;
    private const int FewestInEnd = 5;
    private const int FewestSentences = 20;

    private readonly Dictionary<string, HashedList> _sentences = [];

    /// <summary>Where the sentences come from; the documentation of this machine by default.</summary>
    public Func<string, IEnumerable<EnglishDocument>> Documents { get; init; } = split => new EnglishCorpus().Read(split);

    public override string Name => "hellaswag-like";

    public override string Source(string split) => string.Create(CultureInfo.InvariantCulture, $"corpus {TextHash.Of(Sentences(split)):x16}");

    protected override ProceduralRow? Draw(SeededRandom random, string split, string id)
    {
        var sentences = Sentences(split);
        var words = Pick(random, sentences).Split(' ');
        var cut = Between(random, words.Length / 2, words.Length - FewestInEnd);
        var end = string.Join(' ', words[cut..]);
        List<string> ends = [end, Reordered(random, words[cut..])];
        while (ends.Count < 4)
        {
            var other = Pick(random, sentences).Split(' ');
            ends.Add(string.Join(' ', other[Math.Max(other.Length / 2, other.Length - (words.Length - cut))..]));
        }
        if (ends.Distinct().Count() < ends.Count)
            return null;
        var choices = Shuffled(random, ends);
        var row = new ProceduralRow(
            id, Name, split, "sentence", $"Continue the sentence: {string.Join(' ', words[..cut])}", end, end)
        {
            Choices = choices,
            Gold = Array.IndexOf(choices, end),
        };
        // another end may fit as well
        return Problem(row) is null ? row : null;
    }

    /// <summary>The sentence is one of the split's files, and no other choice makes one.</summary>
    public override string? Problem(ProceduralRow row)
    {
        var beginning = row.Question["Continue the sentence: ".Length..];
        var real = row.Choices!.Where(choice => Sentences(row.Split).Contains($"{beginning} {choice}")).ToList();
        return real is [var only] && only == row.Answer ? null : $"{real.Count} of the choices make a sentence of the text.";
    }

    private static string Reordered(SeededRandom random, string[] words)
    {
        var last = words[^1][^1];
        return $"{string.Join(' ', Shuffled(random, words)).Replace(".", "", StringComparison.Ordinal)}{last}";
    }

    private HashedList Sentences(string split)
    {
        if (!_sentences.TryGetValue(split, out var found))
        {
            found = new HashedList(Documents(split).SelectMany(document => document.Paragraphs).SelectMany(paragraph => SentenceEnd().Split(paragraph))
                .Where(IsPlain).Distinct());
            if (found.Count < FewestSentences)
            {
                throw new InputFileException(
                    $"the documentation of this machine has {found.Count} sentences for the split '{split}'; {FewestSentences} are needed. Install some: {EnglishCorpus.Install}");
            }
            _sentences[split] = found;
        }
        return found;
    }

    private static bool IsPlain(string sentence) =>
        sentence.EndsWith('.') && char.IsAsciiLetterUpper(sentence[0]) && sentence.All(letter => char.IsAsciiLetter(letter) || " .,'-".Contains(letter))
        && sentence.Split(' ').Length is >= FewestWords and <= MostWords;

    [GeneratedRegex(@"(?<=[.!?]) (?=[A-Z])")]
    private static partial Regex SentenceEnd();
}
