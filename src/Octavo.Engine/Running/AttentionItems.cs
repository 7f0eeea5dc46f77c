using Octavo.Engine.Cache;
using Octavo.Engine.Kv;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>Some rows of one sequence with one stored head, and what of it they look at.</summary>
/// <param name="First">First row.</param>
/// <param name="Rows">How many.</param>
/// <param name="Head">The stored head.</param>
/// <param name="Query">The first query head that reads it.</param>
/// <param name="Group">How many query heads do.</param>
internal readonly record struct AttentionUnit(int First, int Rows, int Head, int Query, int Group);

/// <summary>A unit of attention, or a part of one.</summary>
/// <param name="Unit">Rows and heads.</param>
/// <param name="FirstRange">Place of the first range in the list.</param>
/// <param name="Ranges">How many ranges, ascending.</param>
/// <param name="FirstToken">Place of the first gathered token in the list.</param>
/// <param name="Tokens">How many are gathered, ascending.</param>
/// <param name="Part">Place of the unit's partial sums; negative where the item does all units.</param>
/// <param name="Cost">Rows times tokens, roughly.</param>
internal readonly record struct AttentionItem(
    AttentionUnit Unit, int FirstRange, int Ranges, int FirstToken, int Tokens, long Part, long Cost)
    : IComparable<AttentionItem>
{
    /// <summary>Heavy items first, so that no thread is left with the longest.</summary>
    public int CompareTo(AttentionItem other) => other.Cost.CompareTo(Cost);
}

/// <summary>Rows whose parts were done apart: [parts] partial sums from <paramref name="Part"/> on.</summary>
internal readonly record struct AttentionMerge(AttentionUnit Unit, long Part, int Parts);

/// <summary>Cuts a block's attention into items. How it is cut depends on threads and changes no bit.</summary>
internal sealed unsafe class AttentionItems(AttentionCall call, SelectRegion selected, int threads) : IDisposable
{
    /// <summary>The most rows of an item.</summary>
    public const int MaxRows = KvPattern.MostRows;

    private const int MinRows = 16;
    private const int ItemsPerThread = 4;
    private const int SlotsPerUnit = PartialSums.PagesPerUnit * PagePool.Positions;

    private readonly NativeList<AttentionItem> _items = new();
    private readonly NativeList<AttentionMerge> _merges = new();
    private readonly NativeList<SlotRange> _ranges = new();
    private readonly NativeList<int> _tokens = new();
    private readonly KeySet _set = new();
    private readonly List<(KvCache Cache, AttentionWork Work)> _work = [];
    private (int Block, int Layer, int Heads, int KvHeads, int? Window) _made;

    public ReadOnlySpan<AttentionItem> Items => _items.Span;

    public ReadOnlySpan<AttentionMerge> Merges => _merges.Span;

    /// <summary>What an item reads in place.</summary>
    public ReadOnlySpan<SlotRange> Ranges(in AttentionItem item) => _ranges.Span.Slice(item.FirstRange, item.Ranges);

    /// <summary>What an item gathers.</summary>
    public ReadOnlySpan<int> Tokens(in AttentionItem item) => _tokens.Span.Slice(item.FirstToken, item.Tokens);

    /// <summary>Whether some items gather tokens.</summary>
    public bool GathersTokens => _tokens.Count > 0;

    /// <summary>Floats of partial sums that items leave for the merges.</summary>
    public long PartFloats { get; private set; }

    /// <summary>The most pages that an item of whole rows looks at.</summary>
    public int Pages { get; private set; }

    /// <summary>Makes the items of the call's present part; layers alike share them.</summary>
    public void Make()
    {
        var shape = call.Part.Shape;
        var wanted = (call.Block, call.IsWhole ? -1 : call.Layer, shape.Heads, shape.KvHeads, shape.Visible.Window);
        if (_made != wanted)
            Make(shape);
        _made = wanted;
        // layers that share items do the same work each
        foreach (var (cache, work) in _work)
            cache.Work += work;
    }

    private void Make(Attention shape)
    {
        _work.Clear();
        _items.Truncate(0);
        _merges.Truncate(0);
        _ranges.Truncate(0);
        _tokens.Truncate(0);
        PartFloats = 0;
        Pages = 0;
        var few = Few(threads);
        var rows = MaxRows;
        while (rows > MinRows && Tiles(rows) * shape.KvHeads < few)
            rows /= 2;
        var splits = Tiles(rows) * shape.KvHeads < few;
        foreach (var run in call.SequenceRuns)
        {
            var reading = call.Cache(run.First).Reading;
            var scores = reading is { IsPrompt: true } && reading.Patterns(call.Layer) is { } patterns ? AddPatterns(run, patterns)
                : reading is { IsPrompt: false } ? AddSelected(run, splits)
                : AddAll(run, rows, splits);
            var all = 0L;
            for (var row = run.First; row < run.First + run.Count; row++)
                all += shape.Visible.IsCausal ? call.Row(row).Slot + 1 : call.Cache(row).SeenTokens;
            _work.Add((call.Cache(run.First), new AttentionWork(scores, all * shape.Heads, 4 * scores * shape.HeadDim)));
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
        _tokens.Dispose();
    }

    /// <summary>Rows that read all that they see. As the next two, returns how many scores that makes.</summary>
    private long AddAll(RowRun run, int most, bool splits)
    {
        var cache = call.Cache(run.First);
        var heads = cache.StoredHeads(call.Layer);
        var group = call.Part.Shape.Heads / heads;
        var (scores, seen) = (0L, 0L);
        for (var first = run.First; first < run.First + run.Count; first += most)
        {
            var rows = Math.Min(most, run.First + run.Count - first);
            var range = 0;
            for (var head = 0; head < heads; head++)
            {
                // heads that share a table share the range
                if (head == 0 || cache.IsCompressed(call.Layer))
                {
                    var pages = call.Pages(first, rows, head);
                    Pages = Math.Max(Pages, pages.Count);
                    range = _ranges.Count;
                    _ranges.Add(new SlotRange(pages.From * PagePool.Positions, pages.To * PagePool.Positions));
                    seen = 0;
                    for (var row = first; row < first + rows; row++)
                        seen += call.Seen(row, head);
                }
                scores += group * seen;
                Add(new AttentionUnit(first, rows, head, head * group, group), range, 1, 0, splits);
            }
        }
        return scores;
    }

    /// <summary>Rows of a prompt that is read in patterns.</summary>
    private long AddPatterns(RowRun run, KvPattern[] patterns)
    {
        var shape = call.Part.Shape;
        var group = patterns.Length == 1 ? shape.Heads / shape.KvHeads : 1;
        var (scores, seen) = (0L, 0L);
        for (int first = run.First, rows; first < run.First + run.Count; first += rows)
        {
            var position = call.Row(first).Position;
            rows = run.First + run.Count - first;
            foreach (var pattern in patterns)
                rows = Math.Min(rows, pattern.Rows(position));
            var (ranges, tokens) = (0, 0);
            for (var query = 0; query < shape.Heads; query += group)
            {
                if (query == 0 || patterns.Length > 1)
                {
                    _set.Clear();
                    patterns[patterns.Length == 1 ? 0 : query].Add(position, rows, _set);
                    _set.Finish(position + rows);
                    (ranges, tokens) = Note(_set);
                    seen = 0;
                    for (var row = 0; row < rows; row++)
                        seen += _set.Count(position + row);
                }
                scores += group * seen;
                var unit = new AttentionUnit(first, rows, query * shape.KvHeads / shape.Heads, query, group);
                Add(unit, ranges, _set.Ranges.Length, tokens, splits: false, _set.Tokens.Length);
            }
        }
        return scores;
    }

    /// <summary>Rows each of which has chosen what it reads.</summary>
    private long AddSelected(RowRun run, bool splits)
    {
        var shape = call.Part.Shape;
        var heads = call.Cache(run.First).StoredHeads(call.Layer);
        var scores = 0L;
        for (var row = run.First; row < run.First + run.Count; row++)
        {
            for (int query = 0, group; query < shape.Heads; query += group)
            {
                var set = selected.Set(row, query, out group);
                var (ranges, tokens) = Note(set);
                // indices are those of stored tokens; what comes after the row is in no set
                scores += group * (long)set.Count(int.MaxValue - 1);
                Add(new AttentionUnit(row, 1, query * heads / shape.Heads, query, group), ranges, set.Ranges.Length, tokens, splits, set.Tokens.Length);
            }
        }
        return scores;
    }

    private (int Ranges, int Tokens) Note(KeySet set)
    {
        var places = (_ranges.Count, _tokens.Count);
        var slots = 0;
        foreach (var range in set.Ranges)
        {
            _ranges.Add(range);
            slots += range.To - range.From;
        }
        foreach (var token in set.Tokens)
            _tokens.Add(token);
        Pages = Math.Max(Pages, slots / PagePool.Positions);
        return places;
    }

    private void Add(AttentionUnit unit, int firstRange, int ranges, int firstToken, bool splits, int tokens = 0)
    {
        var cost = 0L;
        foreach (var range in _ranges.Span.Slice(firstRange, ranges))
            cost += range.To - range.From;
        var isShort = ranges == 0 || _ranges[firstRange].From / SlotsPerUnit == (_ranges[firstRange + ranges - 1].To - 1) / SlotsPerUnit;
        if (!splits || (isShort && tokens == 0))
            _items.Add(new AttentionItem(unit, firstRange, ranges, firstToken, tokens, -1, unit.Rows * (cost + tokens)));
        else
            Split(unit, firstRange, ranges, firstToken, tokens);
    }

    /// <summary>An item for each unit of pages, and one for what is gathered.</summary>
    private void Split(AttentionUnit unit, int firstRange, int ranges, int firstToken, int tokens)
    {
        var floats = PartialSums.Floats(unit.Rows * unit.Group, call.Part.Shape.HeadDim);
        var (part, parts) = (PartFloats, 0);
        for (int range = firstRange, from = -1; range < firstRange + ranges;)
        {
            from = Math.Max(from, _ranges[range].From);
            var end = ((from / SlotsPerUnit) + 1) * SlotsPerUnit;
            var (begin, cost) = (_ranges.Count, 0L);
            for (; range < firstRange + ranges && _ranges[range].From < end; range++)
            {
                var piece = _ranges[range] with { From = Math.Max(from, _ranges[range].From), To = Math.Min(end, _ranges[range].To) };
                _ranges.Add(piece);
                cost += piece.To - piece.From;
                if (_ranges[range].To > end)
                    break;
            }
            from = end;
            _items.Add(new AttentionItem(unit, begin, _ranges.Count - begin, 0, 0, PartFloats, unit.Rows * cost));
            PartFloats += floats;
            parts++;
        }
        if (tokens > 0)
        {
            _items.Add(new AttentionItem(unit, 0, 0, firstToken, tokens, PartFloats, (long)unit.Rows * tokens));
            PartFloats += floats;
            parts++;
        }
        _merges.Add(new AttentionMerge(unit, part, parts));
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
