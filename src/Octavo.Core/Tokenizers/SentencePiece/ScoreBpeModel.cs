using Octavo.Core.Tokenizers.Models;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>SentencePiece's byte-pair encoding: neighbours join by the score of the piece that they make.</summary>
internal sealed class ScoreBpeModel(SentencePieceModel model) : WordModel
{
    // What special tokens spell never comes from text here.
    public override WordEncoder CreateEncoder(bool parseSpecial) => new Encoder(model);

    private sealed class Encoder(SentencePieceModel model) : WordEncoder
    {
        private readonly PriorityQueue<Pair, ulong> _queue = new();
        private Symbol[] _symbols = new Symbol[64];

        public override void Encode(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            var count = Split(word);
            for (var left = 0; left + 1 < count; left++)
                Offer(word, left);
            while (_queue.TryDequeue(out var pair, out _))
                Merge(word, pair);
            Emit(word, tokens);
        }

        private int Split(ReadOnlySpan<char> word)
        {
            if (_symbols.Length < word.Length)
                _symbols = new Symbol[Math.Max(word.Length, _symbols.Length * 2)];
            var count = 0;
            for (var at = 0; at < word.Length; count++)
            {
                var length = model.Symbols.Match(word, at, out var id);
                var frozen = id >= 0;
                if (!frozen)
                    id = model.Vocabulary.TextId(word.Slice(at, length));
                _symbols[count] = new Symbol(at, length, count + 1, count - 1, id, frozen);
                at += length;
            }
            _symbols[count - 1].Next = -1;
            return count;
        }

        private void Offer(ReadOnlySpan<char> word, int left)
        {
            ref readonly var symbol = ref _symbols[left];
            if (symbol.Next < 0 || symbol.Frozen || _symbols[symbol.Next].Frozen)
                return;
            var size = symbol.Length + _symbols[symbol.Next].Length;
            if (size > model.LongestPiece)
                return;
            var id = model.Vocabulary.TextId(word.Slice(symbol.Start, size));
            if (id >= 0)
                _queue.Enqueue(new Pair(left, size, id), MergeOrder.ByScore(model.Score(id), left));
        }

        private void Merge(ReadOnlySpan<char> word, Pair pair)
        {
            ref var left = ref _symbols[pair.Left];
            // An entry counts only while the two stretches are the ones it was made for; one that joined its left neighbour has
            // no length.
            if (left.Length == 0 || left.Next < 0 || left.Length + _symbols[left.Next].Length != pair.Length)
                return;
            ref var right = ref _symbols[left.Next];
            left.Length = pair.Length;
            left.Id = pair.Id;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
                _symbols[left.Next].Previous = pair.Left;
            Offer(word, pair.Left);
            if (left.Previous >= 0)
                Offer(word, left.Previous);
        }

        private void Emit(ReadOnlySpan<char> word, List<WordToken> tokens)
        {
            var afterUnknown = false;
            for (var i = 0; i >= 0; i = _symbols[i].Next)
            {
                ref readonly var symbol = ref _symbols[i];
                var end = symbol.Start + symbol.Length;
                var isUnknown = symbol.Id < 0 && !UnknownText.TryAddBytes(word, symbol.Start, end, model, tokens);
                if (symbol.Id >= 0)
                    tokens.Add(new WordToken(symbol.Id, symbol.Start, end));
                else if (isUnknown)
                    UnknownText.Add(symbol.Start, end, model, afterUnknown, tokens);
                afterUnknown = isUnknown;
            }
        }

        private record struct Symbol(int Start, int Length, int Next, int Previous, int Id, bool Frozen);

        private readonly record struct Pair(int Left, int Length, int Id);
    }
}
