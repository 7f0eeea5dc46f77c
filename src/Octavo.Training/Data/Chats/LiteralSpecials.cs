using System.Buffers;
using System.Text;
using Octavo.Core.Tokenizers;
using Octavo.Training.Data.Rows;

namespace Octavo.Training.Data.Chats;

/// <summary>
/// Keeps special tokens that are written in messages apart from those of the template, as chat does: what a message says is
/// text. Marks go around them before the template renders, and come off afterwards. Safe to use from several threads.
/// </summary>
internal sealed class LiteralSpecials
{
    // two code points that Unicode promises never to assign
    private const char Open = '\uFDD0';
    private const char Close = '\uFDD1';

    private readonly string[] _spellings;
    private readonly SearchValues<string> _search;

    /// <summary>Finds the special tokens of a tokenizer.</summary>
    public LiteralSpecials(Tokenizer tokenizer)
    {
        _spellings = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsSpecial).Select(tokenizer.Piece)
            .Where(piece => piece.Length > 1).Distinct().OrderByDescending(piece => piece.Length)];
        _search = SearchValues.Create(_spellings, StringComparison.Ordinal);
    }

    /// <summary>The spellings, the longest first.</summary>
    public IReadOnlyList<string> Spellings => _spellings;

    /// <summary>The first special token that is written in a text, or null.</summary>
    public string? FirstIn(string text)
    {
        var at = text.AsSpan().IndexOfAny(_search);
        return at < 0 ? null : LongestAt(text.AsSpan(at));
    }

    /// <summary>Puts marks around special tokens in a message.</summary>
    /// <exception cref="RowException">The message holds one of the marks.</exception>
    public string Mark(string text)
    {
        if (text.AsSpan().IndexOfAny(Open, Close) >= 0)
            throw new RowException(RowProblem.InvalidUtf8, "a message holds U+FDD0 or U+FDD1, which are no characters. Take them out.");
        var rest = text.AsSpan();
        var at = rest.IndexOfAny(_search);
        if (at < 0)
            return text;
        var marked = new StringBuilder(text.Length + 8);
        for (; at >= 0; at = rest.IndexOfAny(_search))
        {
            var special = LongestAt(rest[at..]);
            marked.Append(rest[..at]).Append(Open).Append(special).Append(Close);
            rest = rest[(at + special.Length)..];
        }
        return marked.Append(rest).ToString();
    }

    /// <summary>Takes the marks off.</summary>
    /// <exception cref="RowException">The template cut a message between two marks.</exception>
    public static MarkedText Unmark(string marked)
    {
        if (marked.AsSpan().IndexOfAny(Open, Close) < 0)
            return new MarkedText(marked, [], []);
        var plain = new StringBuilder(marked.Length);
        var (literals, marks) = (new List<(int Start, int End)>(), new List<int>());
        var start = -1;
        for (var at = 0; at < marked.Length; at++)
        {
            if (marked[at] is not (Open or Close))
            {
                plain.Append(marked[at]);
                continue;
            }
            if (marked[at] == Open != start < 0)
                throw Cut();
            marks.Add(at);
            if (start >= 0)
                literals.Add((start, plain.Length));
            start = start < 0 ? plain.Length : -1;
        }
        return start < 0 ? new MarkedText(plain.ToString(), literals, marks) : throw Cut();
    }

    private static RowException Cut() => new(RowProblem.Template,
        "the chat template cuts a message with a special token in it, which then cannot be kept apart. Take the token out of the message.");

    private string LongestAt(ReadOnlySpan<char> text)
    {
        foreach (var spelling in _spellings)
        {
            if (text.StartsWith(spelling, StringComparison.Ordinal))
                return spelling;
        }
        throw new InvalidOperationException("A spelling was found that is none.");
    }
}

/// <summary>A rendered text without marks.</summary>
/// <param name="Text">The text.</param>
/// <param name="Literals">Stretches that are plain text whatever they spell, in rising order.</param>
/// <param name="Marks">Where the marks were, in the text with them.</param>
internal sealed record MarkedText(string Text, IReadOnlyList<(int Start, int End)> Literals, List<int> Marks)
{
    /// <summary>A place in the text with marks as a place in the text without.</summary>
    public int PlaceOf(int marked)
    {
        var found = Marks.BinarySearch(marked);
        return marked - (found < 0 ? ~found : found);
    }

    /// <summary>Whether a place lies in a stretch that is plain text.</summary>
    public bool IsLiteral(int place) => Literals.Any(literal => place >= literal.Start && place < literal.End);
}
