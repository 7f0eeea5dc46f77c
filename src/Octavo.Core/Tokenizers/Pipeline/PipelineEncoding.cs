using System.Runtime.InteropServices;
using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>One encoding on its way through the stages.</summary>
/// <param name="vocabulary">The vocabulary.</param>
/// <param name="stages">The stages.</param>
/// <param name="text">The text.</param>
/// <param name="parseSpecial">Whether special tokens in the text are recognised.</param>
/// <param name="tokens">Where tokens are added.</param>
internal sealed class PipelineEncoding(Vocabulary vocabulary, PipelineStages stages, string text, bool parseSpecial,
    List<Token> tokens)
{
    private readonly WordEncoder _encoder = stages.Model.CreateEncoder(parseSpecial);
    private readonly WordCache _cache = parseSpecial ? stages.Words : stages.PlainWords;
    private readonly List<WordToken> _word = [];
    private readonly ScalarPlaces _places = new(text);
    private readonly int _first = tokens.Count;

    /// <summary>Encodes the whole text.</summary>
    public void Run()
    {
        int taken = 0, search = 0;
        while (!stages.Raw.IsEmpty && stages.Raw.Next(text, taken, ref search, parseSpecial) is { } match)
        {
            AddSegment(taken, match.Start);
            taken = match.End;
            AddFound(match.Token.Id, text.AsSpan()[match.Start..taken], match.Start, taken);
        }
        AddSegment(taken, text.Length);
    }

    private void AddSegment(int start, int end)
    {
        if (start == end)
            return;
        var mapped = new MappedText(text.AsSpan()[start..end], start);
        stages.Normalizer?.Apply(mapped);
        int taken = 0, search = 0;
        while (!stages.Normalized.IsEmpty && stages.Normalized.Next(mapped.Units, taken, ref search, parseSpecial) is { } match)
        {
            AddWords(mapped, taken, match.Start);
            taken = match.End;
            AddFound(match.Token.Id, mapped.Units[match.Start..taken], mapped.StartOf(match.Start), mapped.EndOf(taken));
        }
        AddWords(mapped, taken, mapped.Length);
    }

    private void AddWords(MappedText mapped, int start, int end)
    {
        if (start == end)
            return;
        var split = new SplitText(mapped, start, end);
        foreach (var stage in stages.PreTokenizers)
            stage.Apply(split);
        foreach (var piece in split.Pieces)
            AddWord(split.Text, piece.Start, piece.End);
    }

    private void AddWord(MappedText mapped, int start, int end)
    {
        var word = mapped.Units[start..end];
        ReadOnlySpan<WordToken> found = _cache.Find(word, out var hash);
        if (found.IsEmpty)
        {
            _word.Clear();
            _encoder.Encode(word, _word);
            found = CollectionsMarshal.AsSpan(_word);
            _cache.Add(word, hash, found);
        }
        foreach (var token in found)
        {
            if (token.Id < 0)
                RefuseUnknown(mapped.StartOf(start + token.Start));
            var from = _places[mapped.StartOf(start + token.Start)];
            var placed = new Token(token.Id, from, _places[mapped.EndOf(start + token.End)]);
            tokens.Add(stages.Trimming is null ? placed : Trimmed(placed, vocabulary.Piece(token.Id)));
        }
    }

    private void AddFound(int id, ReadOnlySpan<char> found, int start, int end)
    {
        var placed = new Token(id, _places[start], _places[end]);
        tokens.Add(stages.Trimming is null ? placed : Trimmed(placed, found));
    }

    private Token Trimmed(Token token, ReadOnlySpan<char> spelling)
    {
        var before = 0;
        while (before < spelling.Length && IsSpace(spelling[before]))
            before++;
        var after = 0;
        while (after < spelling.Length && IsSpace(spelling[^(after + 1)]))
            after++;
        if (before == 1 && stages.Trimming!.KeepsFirstSpace && (tokens.Count == _first || token.Start == 0))
            before = 0;
        var start = Math.Min(token.Start + before, token.End);
        var end = after > 0 && token.End >= after ? Math.Max(token.End - after, start) : token.End;
        return new Token(token.Id, start, end);
    }

    private void RefuseUnknown(int at) => throw new InputFileException(
        $"The text has U+{Scalars.At(text, at, out _):X4} at code point " +
        $"{_places[at]}; the vocabulary has no piece, no bytes and no unknown token for it. Take the character out of the text.");

    private static bool IsSpace(char unit) => unit == ByteAlphabet.Space || ScalarSets.WhiteSpace.Contains(unit);
}
