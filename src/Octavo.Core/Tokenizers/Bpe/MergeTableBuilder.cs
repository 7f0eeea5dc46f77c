namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>Turns spelt merges into a table of ids.</summary>
/// <param name="vocabulary">The vocabulary.</param>
/// <param name="count">How many merges will come.</param>
/// <param name="place">Where the merges stand in the file, for messages.</param>
/// <param name="prefix">Begins pieces inside a word and is left out where they join what stands before.</param>
internal sealed class MergeTableBuilder(Vocabulary vocabulary, int count, string place, string prefix = "")
{
    private char[] _joined = new char[256];
    private int _rank;
    private int _last;

    public MergeTable Table { get; } = new(count);

    /// <summary>Adds the next merge, spelt as two pieces with a space between.</summary>
    /// <exception cref="InputFileException">It is not spelt so, or a piece is not in the vocabulary.</exception>
    public void Add(ReadOnlySpan<char> merge)
    {
        var space = merge.IndexOf(' ');
        if (space <= 0 || space == merge.Length - 1 || merge[(space + 1)..].Contains(' '))
            throw new InputFileException($"{place}: merge {_rank} is '{merge}'; two pieces with one space between are expected.");
        Add(merge[..space], merge[(space + 1)..]);
    }

    /// <summary>Adds the next merge.</summary>
    /// <exception cref="InputFileException">A piece, or the two joined, is not in the vocabulary.</exception>
    public void Add(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var (leftId, rightId) = (Id(left), Id(right));
        if (prefix.Length > right.Length)
            throw new InputFileException(
                $"{place}: merge {_rank} joins '{right}', which does not begin with the prefix '{prefix}'. The " +
                "file is damaged; download it again.");
        right = right[prefix.Length..];
        var length = left.Length + right.Length;
        if (length > _joined.Length)
            _joined = new char[length * 2];
        left.CopyTo(_joined);
        right.CopyTo(_joined.AsSpan(left.Length));
        var joined = _joined.AsSpan(0, length);
        // Vocabularies mostly hold what merges make in the merges' order, so the next id is nearly always the one.
        _last = vocabulary.Is(_last + 1, joined) ? _last + 1 : Id(joined);
        Table.Set(leftId, rightId, _rank, _last);
        _rank++;
    }

    private int Id(ReadOnlySpan<char> piece) => vocabulary.Id(piece) is >= 0 and var id
        ? id
        : throw new InputFileException($"{place}: merge {_rank} needs the piece '{piece}', which the vocabulary lacks. " +
            "Vocabulary and merges do not belong together; convert or download the model again.");
}
