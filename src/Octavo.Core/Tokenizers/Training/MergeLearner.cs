namespace Octavo.Core.Tokenizers.Training;

/// <summary>
/// Learns merges. At each step the words stand as an encoder with the merges so far would cut them, and the pair that occurs most
/// often becomes the next merge; of equally frequent ones that with the lowest left symbol, then with the lowest right one.
/// Symbols are numbered as in the vocabulary: bytes by the letters that spell them, then in the order in which they were made.
/// </summary>
internal sealed class MergeLearner
{
    private const int Bytes = 256;

    private readonly SegmentedWords _words;
    private readonly MergeQueue _queue = new();
    private readonly List<string> _pieces = [];
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly List<(int Left, int Right)> _merges = [];

    // What the merge of each rank makes.
    private readonly List<int> _joined = [];

    /// <param name="words">The words.</param>
    public MergeLearner(WordTable words)
    {
        var alphabet = new int[Bytes];
        foreach (var value in Enumerable.Range(0, Bytes).OrderBy(value => ByteAlphabet.Letter((byte)value)))
        {
            alphabet[value] = _pieces.Count;
            AddPiece(ByteAlphabet.Letter((byte)value).ToString());
        }
        _words = new SegmentedWords(words, alphabet);
        QueueRisen();
    }

    /// <summary>The pieces by symbol, spelt in letters of bytes.</summary>
    public IReadOnlyList<string> Pieces => _pieces;

    /// <summary>The merges in order, as symbols.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => _merges;

    /// <summary>How often the pair that was merged last occurred.</summary>
    public long LastWeight { get; private set; }

    /// <summary>How many symbols the texts have in all.</summary>
    public long Symbols => _words.Symbols;

    /// <summary>Learns until there are enough pieces, or no pair is frequent enough.</summary>
    /// <param name="pieces">How many pieces are wanted.</param>
    /// <param name="minFrequency">A pair that occurs less often is not merged.</param>
    /// <param name="progress">Told how many pieces there are, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public void Learn(int pieces, long minFrequency, IProgress<TokenizerTrainingProgress>? progress, CancellationToken cancellationToken)
    {
        while (_queue.Count > 0)
        {
            var candidate = _queue.Take();
            ref var pair = ref _words.Pairs[candidate.Pair];
            if (pair.Weight == 0)
                continue;
            if (pair.Rank != SymbolPairs.Pair.NoRank)
            {
                // A later merge has made its left or right symbol once more; an encoder joins it before all else.
                Join(candidate.Pair, _joined[pair.Rank - 1]);
                continue;
            }
            if (pair.Weight != candidate.Weight)
            {
                // Where it has risen since, it is in the queue a second time.
                if (pair.Weight < candidate.Weight)
                    Queue(candidate.Pair);
                continue;
            }
            if (_pieces.Count >= pieces || pair.Weight < minFrequency)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            LastWeight = pair.Weight;
            _merges.Add((pair.Left, pair.Right));
            pair.Rank = _merges.Count;
            _joined.Add(SymbolOf(pair.Left, pair.Right));
            Join(candidate.Pair, _joined[^1]);
            progress?.Report(new TokenizerTrainingProgress("merging", _pieces.Count, pieces));
        }
    }

    private void Join(int pair, int joined)
    {
        _words.Join(pair, joined);
        QueueRisen();
    }

    private void QueueRisen()
    {
        foreach (var pair in _words.Pairs.Risen)
        {
            _words.Pairs[pair].IsRisen = false;
            if (_words.Pairs[pair].Weight > 0)
                Queue(pair);
        }
        _words.Pairs.Risen.Clear();
    }

    private void Queue(int number)
    {
        ref var pair = ref _words.Pairs[number];
        // Merges that are there already come first, in their order.
        var weight = pair.Rank == SymbolPairs.Pair.NoRank ? pair.Weight : long.MaxValue - pair.Rank;
        _queue.Add(new Candidate(weight, (ulong)(uint)pair.Left << 32 | (uint)pair.Right, number));
    }

    // Two merges may make the same piece: ab + c and a + bc.
    private int SymbolOf(int left, int right)
    {
        var piece = _pieces[left] + _pieces[right];
        if (_symbols.TryGetValue(piece, out var known))
            return known;
        _words.AddSymbol(piece.Length);
        return AddPiece(piece);
    }

    private int AddPiece(string piece)
    {
        _symbols.Add(piece, _pieces.Count);
        _pieces.Add(piece);
        return _pieces.Count - 1;
    }
}
