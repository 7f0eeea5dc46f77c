namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>
/// Merges the symbols of one word after another. A symbol is an id with two places, of which a joined one has the first of its
/// left part and the last of its right part. Belongs to one encoding.
/// </summary>
internal sealed class BpeWord(MergeTable merges)
{
    // Up to this many symbols a scan for the lowest rank beats a queue.
    private const int LargestScan = 48;

    private readonly PriorityQueue<Pair, ulong> _queue = new();
    private int[] _ids = new int[64];
    private int[] _first = new int[64];
    private int[] _last = new int[64];
    private int[] _ranks = new int[64];
    private int[] _merged = new int[64];
    private int[] _next = [];
    private int[] _previous = [];

    /// <summary>How many symbols the word has.</summary>
    public int Count { get; private set; }

    public int Id(int symbol) => _ids[symbol];

    public int First(int symbol) => _first[symbol];

    public int Last(int symbol) => _last[symbol];

    /// <summary>Begins a word.</summary>
    /// <param name="most">How many symbols it has at most.</param>
    public void Begin(int most)
    {
        Count = 0;
        if (most <= _ids.Length)
            return;
        var size = Math.Max(most, _ids.Length * 2);
        _ids = new int[size];
        _first = new int[size];
        _last = new int[size];
        _ranks = new int[size];
        _merged = new int[size];
    }

    /// <summary>Adds a symbol.</summary>
    public void Add(int id, int first, int last)
    {
        _ids[Count] = id;
        _first[Count] = first;
        _last[Count++] = last;
    }

    /// <summary>Makes the last symbol end at another place.</summary>
    public void Extend(int last) => _last[Count - 1] = last;

    /// <summary>Joins the symbols as far as the merges go.</summary>
    public void Merge()
    {
        if (Count < 2)
            return;
        if (Count <= LargestScan)
            MergeByScan();
        else
            MergeByQueue();
    }

    private void MergeByScan()
    {
        var count = Count;
        for (var i = 0; i + 1 < count; i++)
            _ranks[i] = merges.Rank(_ids[i], _ids[i + 1], out _merged[i]);
        _ranks[count - 1] = int.MaxValue;
        while (true)
        {
            var lowest = int.MaxValue;
            var at = -1;
            for (var i = 0; i < count - 1; i++)
            {
                if (_ranks[i] < lowest)
                {
                    lowest = _ranks[i];
                    at = i;
                }
            }
            if (at < 0)
                break;
            _ids[at] = _merged[at];
            _last[at] = _last[at + 1];
            Close(at + 1, count--);
            _ranks[at] = at + 1 < count ? merges.Rank(_ids[at], _ids[at + 1], out _merged[at]) : int.MaxValue;
            if (at > 0)
                _ranks[at - 1] = merges.Rank(_ids[at - 1], _ids[at], out _merged[at - 1]);
        }
        Count = count;
    }

    private void Close(int gap, int count)
    {
        var length = count - gap - 1;
        Array.Copy(_ids, gap + 1, _ids, gap, length);
        Array.Copy(_first, gap + 1, _first, gap, length);
        Array.Copy(_last, gap + 1, _last, gap, length);
        Array.Copy(_ranks, gap + 1, _ranks, gap, length);
        Array.Copy(_merged, gap + 1, _merged, gap, length);
    }

    private void MergeByQueue()
    {
        if (_next.Length < Count)
        {
            _next = new int[_ids.Length];
            _previous = new int[_ids.Length];
        }
        for (var i = 0; i < Count; i++)
        {
            _next[i] = i + 1 < Count ? i + 1 : -1;
            _previous[i] = i - 1;
        }
        _queue.Clear();
        for (var i = 0; i + 1 < Count; i++)
            Offer(i);
        while (_queue.TryDequeue(out var pair, out var order))
        {
            // An entry counts only while the two symbols are the ones it was made for.
            var left = pair.Left;
            var right = _ids[left] < 0 ? -1 : _next[left];
            if (right < 0 || MergeOrder.ByRank(merges.Rank(_ids[left], _ids[right], out var id), left) != order)
                continue;
            _ids[left] = id;
            _last[left] = _last[right];
            _ids[right] = -1;
            _next[left] = _next[right];
            if (_next[left] >= 0)
                _previous[_next[left]] = left;
            Offer(left);
            if (_previous[left] >= 0)
                Offer(_previous[left]);
        }
        Compact();
    }

    private void Offer(int left)
    {
        if (_next[left] < 0)
            return;
        var rank = merges.Rank(_ids[left], _ids[_next[left]], out _);
        if (rank != int.MaxValue)
            _queue.Enqueue(new Pair(left), MergeOrder.ByRank(rank, left));
    }

    private void Compact()
    {
        var count = 0;
        for (var i = 0; i >= 0; i = _next[i])
        {
            _ids[count] = _ids[i];
            _first[count] = _first[i];
            _last[count++] = _last[i];
        }
        Count = count;
    }

    // A type of our own, so that the queue is compiled ahead of time.
    private readonly record struct Pair(int Left);
}
