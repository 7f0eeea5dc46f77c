using Octavo.Engine.Cache;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>Some rows of one sequence with one stored head, and the pages that they look at.</summary>
/// <param name="First">First row.</param>
/// <param name="Rows">How many.</param>
/// <param name="Head">The stored head.</param>
/// <param name="Group">Query heads that read it.</param>
/// <param name="FirstRange">Place of the first page range in the list.</param>
/// <param name="Ranges">How many ranges, ascending.</param>
/// <param name="Part">Place of the unit's partial sums; negative where the item does all units.</param>
/// <param name="Cost">Rows times pages.</param>
internal readonly record struct AttentionItem(
    int First, int Rows, int Head, int Group, int FirstRange, int Ranges, long Part, long Cost)
    : IComparable<AttentionItem>
{
    /// <summary>Heavy items first, so that no thread is left with the longest.</summary>
    public int CompareTo(AttentionItem other) => other.Cost.CompareTo(Cost);
}

/// <summary>Rows whose units were done apart: [units] partial sums from <paramref name="Part"/> on.</summary>
internal readonly record struct AttentionMerge(int First, int Rows, int Head, int Group, long Part, int Units);

/// <summary>Cuts a block's attention into items. How it is cut depends on threads and changes no bit.</summary>
internal sealed unsafe class AttentionItems(AttentionCall call, int threads) : IDisposable
{
    /// <summary>The most rows of an item.</summary>
    public const int MaxRows = 64;

    private const int MinRows = 16;
    private const int ItemsPerThread = 4;

    private readonly NativeList<AttentionItem> _items = new();
    private readonly NativeList<AttentionMerge> _merges = new();
    private readonly NativeList<PageRange> _ranges = new();
    private (int Block, int Layer, int Heads, int KvHeads, int? Window) _made;

    public ReadOnlySpan<AttentionItem> Items => _items.Span;

    public ReadOnlySpan<AttentionMerge> Merges => _merges.Span;

    /// <summary>The page ranges of an item.</summary>
    public ReadOnlySpan<PageRange> Ranges(in AttentionItem item) => _ranges.Span.Slice(item.FirstRange, item.Ranges);

    /// <summary>Floats of partial sums that items leave for the merges.</summary>
    public long PartFloats { get; private set; }

    /// <summary>The most pages that an item of whole rows looks at.</summary>
    public int Pages { get; private set; }

    /// <summary>Makes the items of the call's present part; layers alike share them.</summary>
    public void Make()
    {
        var shape = call.Part.Shape;
        var wanted = (call.Block, call.IsWhole ? -1 : call.Layer, shape.Heads, shape.KvHeads, shape.Visible.Window);
        if (_made == wanted)
            return;
        _made = wanted;
        _items.Truncate(0);
        _merges.Truncate(0);
        _ranges.Truncate(0);
        PartFloats = 0;
        Pages = 0;
        var few = Few(threads);
        var rows = MaxRows;
        while (rows > MinRows && Tiles(rows) * shape.KvHeads < few)
            rows /= 2;
        var splits = Tiles(rows) * shape.KvHeads < few;
        foreach (var run in call.SequenceRuns)
        {
            for (var first = run.First; first < run.First + run.Count; first += rows)
                Add(first, Math.Min(rows, run.First + run.Count - first), splits);
        }
        _items.Sort();
    }

    /// <summary>Floats of partial sums of a part where sequences have so many rows and pages each.</summary>
    public static long PartFloatsOf(Attention shape, int threads, int sequences, int rowsEach, int pages)
    {
        var few = Few(threads);
        var rows = MaxRows;
        while (rows > MinRows && Tiles(rows) * shape.KvHeads < few)
            rows /= 2;
        var units = (pages + PartialSums.PagesPerUnit - 1) / PartialSums.PagesPerUnit;
        if (units == 1 || Tiles(rows) * shape.KvHeads >= few)
            return 0;
        return (long)Tiles(rows) * shape.KvHeads * units * PartialSums.Floats(Math.Min(rows, rowsEach) * (shape.Heads / shape.KvHeads), shape.HeadDim);

        int Tiles(int rows) => sequences * ((rowsEach + rows - 1) / rows);
    }

    public void Dispose()
    {
        _items.Dispose();
        _merges.Dispose();
        _ranges.Dispose();
    }

    private void Add(int first, int rows, bool splits)
    {
        var cache = call.Cache(first);
        var heads = cache.StoredHeads(call.Layer);
        var group = call.Part.Shape.Heads / heads;
        var pages = call.Pages(first, rows, 0);
        var firstRange = _ranges.Count;
        for (var head = 0; head < heads; head++)
        {
            // heads that share a table share the ranges
            if (head > 0 && cache.IsCompressed(call.Layer))
            {
                pages = call.Pages(first, rows, head);
                firstRange = _ranges.Count;
            }
            Add(first, rows, head, group, pages, firstRange, splits);
        }
    }

    private void Add(int first, int rows, int head, int group, PageRange pages, int firstRange, bool splits)
    {
        Pages = Math.Max(Pages, pages.Count);
        var isNew = firstRange == _ranges.Count;
        var firstUnit = pages.From / PartialSums.PagesPerUnit;
        var units = ((pages.To - 1) / PartialSums.PagesPerUnit) + 1 - firstUnit;
        if (!splits || units == 1)
        {
            if (isNew)
                _ranges.Add(pages);
            _items.Add(new AttentionItem(first, rows, head, group, firstRange, 1, -1, (long)rows * pages.Count));
            return;
        }
        for (var unit = firstUnit; isNew && unit < firstUnit + units; unit++)
        {
            var from = unit * PartialSums.PagesPerUnit;
            _ranges.Add(new PageRange(Math.Max(pages.From, from), Math.Min(pages.To, from + PartialSums.PagesPerUnit)));
        }
        var floats = PartialSums.Floats(rows * group, call.Part.Shape.HeadDim);
        _merges.Add(new AttentionMerge(first, rows, head, group, PartFloats, units));
        for (var unit = 0; unit < units; unit++, PartFloats += floats)
        {
            var cost = (long)rows * _ranges[firstRange + unit].Count;
            _items.Add(new AttentionItem(first, rows, head, group, firstRange + unit, 1, PartFloats, cost));
        }
    }

    /// <summary>Below so many items threads would have too little to share.</summary>
    private static int Few(int threads) => threads == 1 ? 0 : ItemsPerThread * threads;

    private int Tiles(int rows)
    {
        var tiles = 0;
        foreach (var run in call.SequenceRuns)
            tiles += (run.Count + rows - 1) / rows;
        return tiles;
    }
}
