using System.Runtime.InteropServices;
using Octavo.Core.Tokenizers.Models;
using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>One encoding on its way. Places are counted in scalars of the text as it came.</summary>
internal sealed class ByteLevelEncoding(Vocabulary vocabulary, BytePipeline pipeline, bool parseSpecial, int length)
{
    private readonly BpeWord _word = new(pipeline.Model.Merges);
    private readonly List<WordToken> _found = [];

    // The segment being encoded: where it begins, and where each scalar of its normalized text came from (null: from the same
    // place).
    private int _start;
    private int[]? _origins;

    // Scalars before this one were put there by the pre-tokenizer and have its place.
    private int _floor;

    public List<Token> Tokens { get; } = new(length / 4 + 4);

    /// <summary>Encodes a text.</summary>
    public void AddText(ReadOnlySpan<char> text)
    {
        int taken = 0, search = 0, place = 0;
        var first = Tokens.Count;
        while (!pipeline.Raw.IsEmpty && pipeline.Raw.Next(text, taken, ref search, parseSpecial) is { } match)
        {
            place = AddSegment(text[taken..match.Start], place);
            taken = match.End;
            var end = place + Scalars.Count(text[match.Start..taken]);
            Tokens.Add(Placed(match, place, end, text));
            place = end;
        }
        AddSegment(text[taken..], place);
        if (pipeline.TrimPlaces)
            Trim(first);
    }

    // Returns the place after the segment.
    private int AddSegment(ReadOnlySpan<char> text, int place)
    {
        if (text.IsEmpty)
            return place;
        var end = place + Scalars.Count(text);
        _start = place;
        _origins = null;
        if (pipeline.Nfc && !NormalizationFormC.IsNormal(text))
            text = NormalizationFormC.Normalize(text, out _origins);
        if (pipeline.Normalized.IsEmpty)
            AddWords(text, 0, 0);
        else
            AddNormalized(text);
        return end;
    }

    private void AddNormalized(ReadOnlySpan<char> text)
    {
        int taken = 0, search = 0, scalar = 0;
        while (pipeline.Normalized.Next(text, taken, ref search, parseSpecial) is { } match)
        {
            scalar = AddWords(text[taken..match.Start], 0, scalar);
            taken = match.End;
            var end = scalar + Scalars.Count(text[match.Start..taken]);
            Tokens.Add(Placed(match, Place(scalar), Place(Math.Max(scalar, end - 1)) + 1, text));
            scalar = end;
        }
        AddWords(text[taken..], 0, scalar);
    }

    // Returns the scalar after the text.
    private int AddWords(ReadOnlySpan<char> text, int stage, int scalar)
    {
        if (text.IsEmpty)
            return scalar;
        var last = stage == pipeline.Cutters.Length - 1;
        _floor = scalar;
        if (last && pipeline.PrefixSpace && text[0] != ' ')
        {
            text = string.Concat(" ", text);
            scalar--;
        }
        if (pipeline.Cutters[stage] is not ScannerCutter cutter)
            return AddPieces(text, stage, last, scalar);
        while (!text.IsEmpty)
        {
            var piece = text[..cutter.Scanner.Next(text)];
            text = text[piece.Length..];
            scalar = last ? AddWord(piece, scalar) : AddWords(piece, stage + 1, scalar);
        }
        return scalar;
    }

    private int AddPieces(ReadOnlySpan<char> text, int stage, bool last, int scalar)
    {
        var cuts = new List<TextCut>(text.Length / 4 + 4);
        pipeline.Cutters[stage].Cut(text, cuts);
        var end = 0;
        foreach (var cut in cuts)
        {
            scalar += Scalars.Count(text[end..cut.Start]);
            var piece = text[cut.Start..cut.End];
            scalar = last ? AddWord(piece, scalar) : AddWords(piece, stage + 1, scalar);
            end = cut.End;
        }
        return scalar + Scalars.Count(text[end..]);
    }

    private int AddWord(ReadOnlySpan<char> word, int scalar)
    {
        ReadOnlySpan<WordToken> found = pipeline.Words.Find(word, out var hash);
        if (found.IsEmpty)
        {
            _found.Clear();
            Encode(word);
            found = CollectionsMarshal.AsSpan(_found);
            pipeline.Words.Add(word, hash, found);
        }
        foreach (var token in found)
            Tokens.Add(Placed(token.Id, scalar + token.Start, scalar + token.End));
        return scalar + Scalars.Count(word);
    }

    private void Encode(ReadOnlySpan<char> word)
    {
        if (pipeline.Model.IgnoreMerges && TryWhole(word))
            return;
        ByteSpeller.Encode(word, pipeline.Model, _word);
        for (var i = 0; i < _word.Count; i++)
            _found.Add(new WordToken(_word.Id(i), _word.First(i), _word.Last(i)));
    }

    private bool TryWhole(ReadOnlySpan<char> word)
    {
        // No piece of any vocabulary is that long, and the spelling stays on the stack.
        const int longest = 128;
        Span<byte> bytes = stackalloc byte[longest];
        Span<char> letters = stackalloc char[longest];
        if (!System.Text.Encoding.UTF8.TryGetBytes(word, bytes, out var count))
            return false;
        for (var i = 0; i < count; i++)
            letters[i] = ByteAlphabet.Letter(bytes[i]);
        var id = vocabulary.TextId(letters[..count]);
        if (id < 0)
            return false;
        _found.Add(new WordToken(id, 0, Scalars.Count(word) - 1));
        return true;
    }

    private Token Placed(int id, int first, int last) =>
        new(id, Place(Math.Max(first, _floor)), Place(Math.Max(last, _floor)) + 1);

    private int Place(int scalar) => _start + (_origins is null ? scalar : _origins[scalar]);

    private Token Placed(AddedTokenMatch match, int start, int end, ReadOnlySpan<char> text)
    {
        var token = new Token(match.Token.Id, start, end);
        if (!pipeline.TrimPlaces)
            return token;
        var taken = text[match.Start..match.End];
        return Trimmed(token, taken.Length - taken.TrimStart().Length, taken.Length - taken.TrimEnd().Length);
    }

    private void Trim(int first)
    {
        for (var i = first; i < Tokens.Count; i++)
        {
            if (vocabulary.Kind(Tokens[i].Id) != TokenKind.Normal)
                continue;
            var piece = vocabulary.Piece(Tokens[i].Id).AsSpan();
            Tokens[i] = Trimmed(Tokens[i], piece.Length - piece.TrimStart(ByteAlphabet.Space).Length,
                piece.Length - piece.TrimEnd(ByteAlphabet.Space).Length);
        }
    }

    private Token Trimmed(Token token, int before, int after)
    {
        if (before == 1 && pipeline.TrimKeepsFirstSpace && token.Start == 0)
            before = 0;
        var start = Math.Min(token.Start + before, token.End);
        var end = after > 0 && token.End >= after ? Math.Max(token.End - after, start) : token.End;
        return new Token(token.Id, start, end);
    }
}
