using System.Runtime.InteropServices;

namespace Octavo.Engine.Kv;

/// <summary>Some stored tokens of one head, [From, To); a row sees those that lie fewer than Within and at least Beyond tokens before it.</summary>
internal readonly record struct SlotRange(int From, int To, int Within = int.MaxValue, int Beyond = 0)
{
    /// <summary>Whether a row sees all of it that comes before the row.</summary>
    public bool IsPlain => Within == int.MaxValue && Beyond == 0;

    /// <summary>What of it the row at a position sees, where indices are positions; empty where From is not below To.</summary>
    public (int From, int To) SeenBy(int row) => (Math.Max(From, Within > row ? 0 : row - Within + 1), Math.Min(To, row - Beyond + 1));
}

/// <summary>
/// What some rows read of one head's stored tokens, by index: ranges that are read in place, and single tokens that are gathered. What
/// comes after a row it never sees, whatever is added. Not thread-safe; used again and again.
/// </summary>
public sealed class KeySet
{
    // reading fewer neighbours in place costs more than gathering them
    private const int ShortestRange = 8;

    private static readonly Comparison<SlotRange> _byPlace = (a, b) => a.From.CompareTo(b.From);

    private readonly List<SlotRange> _ranges = [];
    private readonly List<int> _tokens = [];

    /// <summary>Adds the tokens [from, to); twice the same does no harm.</summary>
    public void AddRange(int from, int to)
    {
        if (to > from)
            _ranges.Add(new SlotRange(from, to));
    }

    /// <summary>Adds one token.</summary>
    public void AddToken(int token) => AddRange(token, token + 1);

    /// <summary>
    /// Adds of [from, to) what lies, for each row, fewer than <paramref name="within"/> and at least <paramref name="beyond"/> tokens before
    /// it; no row may see a token in two of these, or in one of these and a range.
    /// </summary>
    public void AddBand(int from, int to, int within = int.MaxValue, int beyond = 0)
    {
        if (to > from)
            _ranges.Add(new SlotRange(from, to, within, beyond));
    }

    /// <summary>How many tokens the row at a position sees, where indices are positions.</summary>
    public int Count(int row)
    {
        var count = 0;
        foreach (var range in _ranges)
        {
            var (from, to) = range.SeenBy(row);
            count += Math.Max(0, to - from);
        }
        foreach (var token in _tokens)
            count += token <= row ? 1 : 0;
        return count;
    }

    /// <summary>Whether the row at a position sees a token, where indices are positions.</summary>
    public bool Reads(int row, int token)
    {
        foreach (var range in _ranges)
        {
            var (from, to) = range.SeenBy(row);
            if (token >= from && token < to)
                return true;
        }
        return token <= row && _tokens.Contains(token);
    }

    /// <summary>What is read in place, ascending.</summary>
    internal ReadOnlySpan<SlotRange> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>What is gathered, ascending.</summary>
    internal ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    internal void Clear()
    {
        _ranges.Clear();
        _tokens.Clear();
    }

    /// <summary>Puts everything in order, joins what touches, and leaves out what is not stored, so that all of it is one range.</summary>
    /// <param name="stored">Tokens that are stored.</param>
    internal void Finish(int stored)
    {
        if (!IsAscending())
            _ranges.Sort(_byPlace);
        var kept = 0;
        for (var i = 0; i < _ranges.Count; i++)
        {
            var range = _ranges[i] with { From = Math.Max(0, _ranges[i].From), To = Math.Min(stored, _ranges[i].To) };
            if (range.From >= range.To)
                continue;
            if (kept > 0 && range.IsPlain && _ranges[kept - 1] is { IsPlain: true } last && range.From <= last.To)
                _ranges[kept - 1] = last with { To = Math.Max(last.To, range.To) };
            else
                _ranges[kept++] = range;
        }
        _ranges.RemoveRange(kept, _ranges.Count - kept);
        Gather();
    }

    private void Gather()
    {
        var kept = 0;
        foreach (var range in Ranges)
        {
            if (!range.IsPlain || range.To - range.From >= ShortestRange)
            {
                _ranges[kept++] = range;
                continue;
            }
            for (var token = range.From; token < range.To; token++)
                _tokens.Add(token);
        }
        _ranges.RemoveRange(kept, _ranges.Count - kept);
    }

    private bool IsAscending()
    {
        for (var i = 1; i < _ranges.Count; i++)
        {
            if (_ranges[i].From < _ranges[i - 1].From)
                return false;
        }
        return true;
    }
}
