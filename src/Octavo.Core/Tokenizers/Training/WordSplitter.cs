using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Cuts texts into the words within which symbols join, and counts them. For one thread.</summary>
/// <param name="scanners">The pre-tokenizer; each stage cuts what the one before gave.</param>
/// <param name="special">Special tokens, which are no part of any word.</param>
/// <param name="words">Takes the words.</param>
internal sealed class WordSplitter(Scanner[] scanners, AddedTokenTrie special, WordTable words)
{
    private char[] _text = [];

    /// <summary>Counts the words of a block.</summary>
    public void Add(TextBlock block)
    {
        var start = 0;
        foreach (var end in block.Ends)
        {
            var bytes = block.Bytes.AsSpan(start, end - start);
            if (_text.Length < bytes.Length)
                _text = new char[Math.Max(bytes.Length, TextBlocks.FullLength * 2)];
            AddText(_text.AsSpan(0, Encoding.UTF8.GetChars(bytes, _text)));
            start = end;
        }
    }

    private void AddText(ReadOnlySpan<char> text)
    {
        int taken = 0, search = 0;
        while (!special.IsEmpty && special.Next(text, taken, ref search, parseSpecial: true) is { } match)
        {
            Split(text[taken..match.Start], 0);
            taken = match.End;
        }
        Split(text[taken..], 0);
    }

    private void Split(ReadOnlySpan<char> text, int stage)
    {
        var scanner = scanners[stage];
        var isLast = stage == scanners.Length - 1;
        while (!text.IsEmpty)
        {
            var word = text[..scanner.Next(text)];
            text = text[word.Length..];
            if (isLast)
                words.Add(word);
            else
                Split(word, stage + 1);
        }
    }
}
