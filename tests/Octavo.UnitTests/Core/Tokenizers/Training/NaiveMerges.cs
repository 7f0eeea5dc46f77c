using System.Text;
using Octavo.Core.Tokenizers;

namespace Octavo.UnitTests.Core.Tokenizers.Training;

/// <summary>Learns merges in the slow and plain way: counts every pair again at every step and rewrites every word as a list of pieces.</summary>
internal static class NaiveMerges
{
    /// <summary>The merges of words, spelt in letters of bytes, and how many pieces the words have in the end, times counted.</summary>
    public static (List<(string Left, string Right)> Merges, long Tokens) Learn(IEnumerable<(string Word, long Times)> words, int merged, long minFrequency)
    {
        List<string> pieces = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value)).Order().Select(letter => letter.ToString())];
        var spelt = words.Select(word => (Pieces: Spell(word.Word), word.Times)).ToList();
        List<(string Left, string Right)> merges = [];
        while (pieces.Count < 256 + merged)
        {
            var counts = Count(spelt);
            if (counts.Count == 0)
                break;
            var (best, times) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pieces.IndexOf(pair.Key.Item1))
                .ThenBy(pair => pieces.IndexOf(pair.Key.Item2)).First();
            if (times < minFrequency)
                break;
            merges.Add(best);
            if (!pieces.Contains(best.Item1 + best.Item2))
                pieces.Add(best.Item1 + best.Item2);
            foreach (var (word, _) in spelt)
                Encode(word, merges);
        }
        return (merges, spelt.Sum(word => word.Pieces.Count * word.Times));
    }

    private static List<string> Spell(string word) => [.. Encoding.UTF8.GetBytes(word).Select(value => ByteAlphabet.Letter(value).ToString())];

    private static Dictionary<(string, string), long> Count(List<(List<string> Pieces, long Times)> words)
    {
        Dictionary<(string, string), long> counts = [];
        foreach (var (pieces, times) in words)
        {
            for (var i = 0; i + 1 < pieces.Count; i++)
                counts[(pieces[i], pieces[i + 1])] = counts.GetValueOrDefault((pieces[i], pieces[i + 1])) + times;
        }
        return counts;
    }

    // The earliest merge that can be made, everywhere and from left to right, until none can.
    private static void Encode(List<string> pieces, List<(string Left, string Right)> merges)
    {
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var joined = false;
            for (var i = 0; i + 1 < pieces.Count; i++)
            {
                if ((pieces[i], pieces[i + 1]) != merges[rank])
                    continue;
                pieces[i] += pieces[i + 1];
                pieces.RemoveAt(i + 1);
                joined = true;
            }
            if (joined)
                rank = -1;
        }
    }
}
