using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>One encoding on its way. A symbol is a stretch of the text with its piece, or -1 where it has none.</summary>
internal sealed class SentencePieceEncoding(Vocabulary vocabulary, SentencePieceModel model, int length)
{
    private readonly PriorityQueue<Pair, ulong> _queue = new();
    private string _text = "";
    private Symbol[] _symbols = [];

    public List<Token> Tokens { get; } = new(length / 3 + 4);

    /// <summary>Encodes a stretch of text between added tokens.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it begins, in scalars.</param>
    /// <returns>Where it ends.</returns>
    public int Add(ReadOnlySpan<char> text, int place)
    {
        if (text.IsEmpty)
            return place;
        var prefix = model.PrefixSpace ? "\u2581" : "";
        _text = string.Concat(prefix, text).Replace(' ', SentencePieceModel.Space);
        var count = Split();
        for (var left = 0; left + 1 < count; left++)
            Offer(left);
        while (_queue.TryDequeue(out var pair, out _))
            Merge(pair);
        Emit(place, prefix.Length);
        return place + count - prefix.Length;
    }

    private int Split()
    {
        if (_symbols.Length < _text.Length)
            _symbols = new Symbol[_text.Length];
        var count = 0;
        for (var index = 0; index < _text.Length; count++)
        {
            Scalars.At(_text, index, out var size);
            _symbols[count] = new Symbol(index, size, count + 1, count - 1, count, count, vocabulary.TextId(_text.AsSpan(index, size)));
            index += size;
        }
        _symbols[count - 1].Next = -1;
        return count;
    }

    private void Offer(int left)
    {
        ref readonly var symbol = ref _symbols[left];
        if (symbol.Next < 0)
            return;
        var size = symbol.Length + _symbols[symbol.Next].Length;
        if (size > model.LongestPiece)
            return;
        var id = vocabulary.TextId(_text.AsSpan(symbol.Start, size));
        if (id >= 0)
            _queue.Enqueue(new Pair(left, size, id), MergeOrder.ByScore(model.Score(id), left));
    }

    private void Merge(Pair pair)
    {
        ref var left = ref _symbols[pair.Left];
        // An entry counts only while the two stretches are the ones it was made for; one that joined its left neighbour has no length.
        if (left.Length == 0 || left.Next < 0 || left.Length + _symbols[left.Next].Length != pair.Length)
            return;
        ref var right = ref _symbols[left.Next];
        left.Length = pair.Length;
        left.Id = pair.Id;
        left.Last = right.Last;
        left.Next = right.Next;
        right.Length = 0;
        if (left.Next >= 0)
            _symbols[left.Next].Previous = pair.Left;
        Offer(pair.Left);
        if (left.Previous >= 0)
            Offer(left.Previous);
    }

    private void Emit(int place, int prefix)
    {
        var afterUnknown = false;
        for (var i = 0; i >= 0; i = _symbols[i].Next)
        {
            ref readonly var symbol = ref _symbols[i];
            // The space put before the text has the place of the text's first character.
            var start = place + Math.Max(symbol.First - prefix, 0);
            var end = place + Math.Max(symbol.Last - prefix, 0) + 1;
            if (symbol.Id >= 0)
                Tokens.Add(new Token(symbol.Id, start, end));
            else if (!TryEmitBytes(symbol, start, end))
            {
                EmitUnknown(symbol, start, end, afterUnknown);
                afterUnknown = true;
                continue;
            }
            afterUnknown = false;
        }
    }

    private bool TryEmitBytes(Symbol symbol, int start, int end)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(_text.AsSpan(symbol.Start, symbol.Length), bytes)];
        foreach (var value in bytes)
        {
            if (model.ByteIds[value] < 0)
                return false;
        }
        foreach (var value in bytes)
            Tokens.Add(new Token(model.ByteIds[value], start, end));
        return true;
    }

    private void EmitUnknown(Symbol symbol, int start, int end, bool afterUnknown)
    {
        if (model.Unknown < 0)
            throw new InputFileException($"The text has U+{Scalars.At(_text, symbol.Start, out _):X4} at code point {start}; the vocabulary has " +
                "no piece, no bytes and no unknown token for it. Take the character out of the text.");
        // Neighbouring unknown characters are one token.
        if (afterUnknown)
            Tokens[^1] = Tokens[^1] with { End = end };
        else
            Tokens.Add(new Token(model.Unknown, start, end));
    }

    private record struct Symbol(int Start, int Length, int Next, int Previous, int First, int Last, int Id);

    private readonly record struct Pair(int Left, int Length, int Id);
}
