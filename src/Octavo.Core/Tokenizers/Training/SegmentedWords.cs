using System.Text;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>
/// Words as symbols, all in one row with a border between. A symbol has as many places as bytes: its first holds its number, its
/// last, if that is another, its length below zero, so that both neighbours are found at once.
/// </summary>
internal sealed class SegmentedWords
{
    private const int Border = int.MinValue;
    private const int None = -1;

    private readonly int[] _places;
    private readonly int[] _wordAt;
    private readonly long[] _weights;
    private readonly List<int> _lengths = [];
    private readonly List<int> _found = [];

    /// <summary>Spells words in bytes.</summary>
    /// <param name="words">The words.</param>
    /// <param name="alphabet">The symbol of each byte.</param>
    /// <exception cref="ResourceException">The words are too long together.</exception>
    public SegmentedWords(WordTable words, ReadOnlySpan<int> alphabet)
    {
        var length = 1L;
        for (var i = 0; i < words.Count; i++)
            length += Encoding.UTF8.GetByteCount(words.Word(i)) + 1;
        if (length > Array.MaxLength)
            throw new ResourceException($"the {words.Count} distinct words have {length} bytes; {Array.MaxLength} can be held. Train on a part of the texts.");
        _places = new int[length];
        _wordAt = new int[length];
        _weights = new long[words.Count];
        Pairs = new SymbolPairs((int)length);
        _lengths.AddRange(Enumerable.Repeat(1, alphabet.Length));
        _places[0] = Border;
        var place = 1;
        for (var i = 0; i < words.Count; i++)
            place = Spell(words.Word(i), words.Times(i), i, place, alphabet);
    }

    /// <summary>The pairs of neighbours within words.</summary>
    public SymbolPairs Pairs { get; }

    /// <summary>How many symbols the texts have in all.</summary>
    public long Symbols
    {
        get
        {
            var sum = 0L;
            for (var place = 1; place < _places.Length; place++)
            {
                if (_places[place] == Border)
                    continue;
                sum += _weights[_wordAt[place]];
                place += _lengths[_places[place]] - 1;
            }
            return sum;
        }
    }

    /// <summary>Makes a symbol known.</summary>
    /// <param name="length">Its length in bytes.</param>
    public void AddSymbol(int length) => _lengths.Add(length);

    /// <summary>Joins a pair wherever it stands, from left to right.</summary>
    /// <param name="number">The pair.</param>
    /// <param name="joined">What it becomes.</param>
    public void Join(int number, int joined)
    {
        var (left, right) = (Pairs[number].Left, Pairs[number].Right);
        Pairs.TakeAll(number, _found);
        foreach (var place in _found)
        {
            // Of aaa the second pair has lost its left symbol to the first.
            if (_places[place] == left)
                Join(place, left, right, joined);
        }
    }

    private void Join(int place, int left, int right, int joined)
    {
        var weight = _weights[_wordAt[place]];
        var second = place + _lengths[left];
        var next = second + _lengths[right];
        if (Before(place) is >= 0 and var before)
        {
            Pairs.Remove(before, weight);
            Pairs.Add(_places[before], joined, before, weight);
        }
        if (_places[next] != Border)
        {
            Pairs.Remove(second, weight);
            Pairs.Add(joined, _places[next], place, weight);
        }
        _places[second] = None;
        _places[place] = joined;
        _places[next - 1] = place - next;
    }

    // The symbol that ends before a place, or -1.
    private int Before(int place) => _places[place - 1] switch
    {
        Border => None,
        < 0 and var length => place + length,
        _ => place - 1,
    };

    private int Spell(ReadOnlySpan<char> word, long times, int index, int place, ReadOnlySpan<int> alphabet)
    {
        Span<byte> bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        _weights[index] = times;
        for (var i = 0; i < bytes.Length; i++, place++)
        {
            _places[place] = alphabet[bytes[i]];
            _wordAt[place] = index;
            if (i > 0)
                Pairs.Add(_places[place - 1], _places[place], place - 1, times);
        }
        _places[place] = Border;
        return place + 1;
    }
}
