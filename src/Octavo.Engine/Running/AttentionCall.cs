using Octavo.Engine.Cache;
using Octavo.Engine.Kv;

namespace Octavo.Engine.Running;

/// <summary>Neighbouring rows of a block that belong to one sequence.</summary>
internal readonly record struct RowRun(int First, int Count);

/// <summary>What the regions of one attention part share: the rows, their caches, and the layer's place in them.</summary>
/// <param name="rows">The most rows of a block.</param>
internal sealed unsafe class AttentionCall(int rows) : IDisposable
{
    private readonly Row[] _rows = new Row[rows];
    private readonly KvCache[] _caches = new KvCache[rows];
    private readonly NativeList<RowRun> _pageRuns = new();
    private readonly NativeList<RowRun> _sequenceRuns = new();

    public LoweredAttention Part { get; set; } = null!;
    public int Layer { get; set; }
    public int Count { get; private set; }
    public RotaryTable? Rotary { get; set; }

    /// <summary>Counts blocks, so that what depends on the rows alone is worked out once for all layers.</summary>
    public int Block { get; private set; }

    /// <summary>Rows whose keys lie in one page: no two threads write to a cache line of it.</summary>
    public ReadOnlySpan<RowRun> PageRuns => _pageRuns.Span;

    /// <summary>Rows of one sequence.</summary>
    public ReadOnlySpan<RowRun> SequenceRuns => _sequenceRuns.Span;

    public void Begin(ReadOnlySpan<Row> rows, ReadOnlySpan<KvCache> caches)
    {
        rows.CopyTo(_rows);
        caches.CopyTo(_caches);
        Count = rows.Length;
        Block++;
        (IsWhole, SumsAttention, HasPackedPages) = (true, false, false);
        foreach (var cache in caches)
        {
            HasPackedPages |= cache.IsPacked;
            SumsAttention |= cache.Watch is { Needs.ColumnSums: true };
            IsWhole &= cache is { IsWhole: true, Reading: null or { IsIdle: true } };
        }
        _pageRuns.Truncate(0);
        _sequenceRuns.Truncate(0);
        for (int first = 0, row = 1; row <= Count; row++)
        {
            if (row < Count && rows[row].Sequence == rows[first].Sequence)
                continue;
            _sequenceRuns.Add(new RowRun(first, row - first));
            first = row;
        }
        for (int first = 0, row = 1; row <= Count; row++)
        {
            if (row < Count && rows[row].Sequence == rows[first].Sequence && Page(rows[row]) == Page(rows[first]))
                continue;
            _pageRuns.Add(new RowRun(first, row - first));
            first = row;
        }
    }

    public ref readonly Row Row(int row) => ref _rows[row];

    public KvCache Cache(int row) => _caches[_rows[row].Sequence];

    /// <summary>Whether a sequence has packed pages.</summary>
    public bool HasPackedPages { get; private set; }

    /// <summary>Whether attention is summed for a sequence, so that what rows divide by has to be kept.</summary>
    public bool SumsAttention { get; private set; }

    /// <summary>Whether all layers' heads store and read the same tokens in every sequence, so that layers alike look at the same pages.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The slots of a stored head's page that a row sees, as far as they lie in a range.</summary>
    public (int From, int To) Visible(int row, int head, int page, in SlotRange range)
    {
        var (after, upTo) = (After(row), UpTo(row));
        if (!range.IsPlain)
        {
            after = Math.Max(after, (long)_rows[row].Position - range.Within);
            upTo = Math.Min(upTo, _rows[row].Position - range.Beyond);
        }
        var (from, to) = Cache(row).PositionsOf(Layer, head).Visible(page, after, upTo);
        var first = page * PagePool.Positions;
        return (Math.Max(from, range.From - first), Math.Min(to, range.To - first));
    }

    /// <summary>How many tokens of a stored head a row sees.</summary>
    public int Seen(int row, int head)
    {
        var positions = Cache(row).PositionsOf(Layer, head);
        var after = After(row);
        return positions.CountUpTo(UpTo(row)) - (after < 0 ? 0 : positions.CountUpTo((int)after));
    }

    /// <summary>The pages of a stored head that rows of one sequence see, one or the other.</summary>
    public PageRange Pages(int first, int rows, int head) =>
        Cache(first).PositionsOf(Layer, head).Range(After(first), UpTo(first + rows - 1));

    public void Dispose()
    {
        _pageRuns.Dispose();
        _sequenceRuns.Dispose();
    }

    /// <summary>The last position that a row does not see any more.</summary>
    private long After(int row) => Part.Shape.Visible.Window is { } window ? (long)_rows[row].Position - window : -1;

    /// <summary>The last position that a row sees.</summary>
    private int UpTo(int row) => Part.Shape.Visible.IsCausal ? _rows[row].Position : int.MaxValue;

    private static int Page(in Row row) => row.Slot / PagePool.Positions;
}
