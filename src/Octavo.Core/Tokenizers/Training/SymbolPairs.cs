using System.Runtime.InteropServices;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>
/// Pairs of neighbouring symbols, how often each occurs, and where: a doubly linked list of places for each pair. Every place is
/// in one list at most, that of the pair which begins there, so lists never hold what is no longer true, and nothing grows with
/// the merges but the number of pairs.
/// </summary>
internal sealed class SymbolPairs
{
    private const int None = -1;

    private readonly Dictionary<long, int> _numbers = [];
    private readonly int[] _pairAt;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly List<int> _risen = [];
    private Pair[] _pairs = new Pair[1 << 12];

    /// <param name="places">How many places there are.</param>
    public SymbolPairs(int places)
    {
        _pairAt = new int[places];
        _next = new int[places];
        _previous = new int[places];
        Array.Fill(_pairAt, None);
    }

    /// <summary>Pairs that have got more frequent since this was last emptied, each once.</summary>
    public List<int> Risen => _risen;

    /// <summary>The pair of a number. The reference holds until a pair is added.</summary>
    public ref Pair this[int number] => ref _pairs[number];

    /// <summary>Notes that a pair begins at a place, at which none does.</summary>
    /// <param name="left">The left symbol.</param>
    /// <param name="right">The right symbol.</param>
    /// <param name="place">Where it begins.</param>
    /// <param name="weight">How often the word occurs.</param>
    public void Add(int left, int right, int place, long weight)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, (long)left << 32 | (uint)right, out var isThere);
        if (!isThere)
        {
            number = _numbers.Count - 1;
            if (number == _pairs.Length)
                Array.Resize(ref _pairs, number * 2);
            _pairs[number] = new Pair { Left = left, Right = right, Head = None };
        }
        ref var pair = ref _pairs[number];
        pair.Weight += weight;
        if (!pair.IsRisen)
            _risen.Add(number);
        pair.IsRisen = true;
        _pairAt[place] = number;
        _previous[place] = None;
        _next[place] = pair.Head;
        if (pair.Head != None)
            _previous[pair.Head] = place;
        pair.Head = place;
    }

    /// <summary>Notes that the pair which began at a place no longer does; nothing where none did.</summary>
    public void Remove(int place, long weight)
    {
        var number = _pairAt[place];
        if (number == None)
            return;
        ref var pair = ref _pairs[number];
        pair.Weight -= weight;
        var (next, previous) = (_next[place], _previous[place]);
        if (previous == None)
            pair.Head = next;
        else
            _next[previous] = next;
        if (next != None)
            _previous[next] = previous;
        _pairAt[place] = None;
    }

    /// <summary>Takes away all places of a pair.</summary>
    /// <param name="number">The pair.</param>
    /// <param name="places">Filled with the places, from left to right where that matters: where the pair is one symbol twice.</param>
    public void TakeAll(int number, List<int> places)
    {
        ref var pair = ref _pairs[number];
        places.Clear();
        for (var place = pair.Head; place != None; place = _next[place])
        {
            places.Add(place);
            _pairAt[place] = None;
        }
        (pair.Head, pair.Weight) = (None, 0);
        if (pair.Left == pair.Right)
            places.Sort();
    }

    /// <summary>A pair.</summary>
    internal struct Pair
    {
        /// <summary>Not yet merged.</summary>
        public const int NoRank = 0;

        public int Left;
        public int Right;
        public int Head;

        /// <summary>The number of its merge, from 1 on, or <see cref="NoRank"/>.</summary>
        public int Rank;
        public long Weight;
        public bool IsRisen;
    }
}
