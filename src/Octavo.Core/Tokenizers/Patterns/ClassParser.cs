using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Reads a set in brackets: ranges, names, brackets within it, and what <c>&amp;&amp;</c> leaves of it.</summary>
/// <param name="reader">Stands behind the opening bracket.</param>
/// <param name="caseless">Whether letters stand for both cases.</param>
internal sealed class ClassParser(PatternReader reader, bool caseless)
{
    private const int DeepestNesting = 32;

    private int _depth;

    /// <summary>Reads to the closing bracket.</summary>
    public ScalarSet Read()
    {
        if (++_depth > DeepestNesting)
            throw reader.Unsupported($"more than {DeepestNesting} brackets within one another");
        var negative = reader.Take("^");
        List<ScalarSet> limits = [];
        List<ScalarSet> items = [];
        List<(int, int)> ranges = [];
        // A bracket that would close an empty set stands for itself.
        if (reader.Is("]"))
            ranges.Add((reader.TakeScalar(), ']'));
        while (!reader.Take("]"))
        {
            if (reader.Take("&&"))
            {
                limits.Add(Close(items, ranges));
                (items, ranges) = ([], []);
            }
            else
                ReadItem(items, ranges);
        }
        limits.Add(Close(items, ranges));
        _depth--;
        var set = limits.Count == 1 ? limits[0] : new IntersectionSet([.. limits]);
        return negative ? new ComplementSet(set) : set;
    }

    private ScalarSet Close(List<ScalarSet> items, List<(int, int)> ranges)
    {
        if (ranges.Count > 0)
            items.Add(new RangeSet(ranges));
        var set = items.Count == 1 ? items[0] : new UnionSet([.. items]);
        return caseless ? new CaselessSet(set) : set;
    }

    private void ReadItem(List<ScalarSet> items, List<(int, int)> ranges)
    {
        if (reader.Is("[:") && Posix() is { } posix)
        {
            items.Add(posix);
            return;
        }
        if (reader.Take("["))
        {
            items.Add(Read());
            return;
        }
        if (TakeOne(items) is not { } first)
            return;
        var position = reader.Position;
        if (!reader.Take("-") || reader.Is("]") || reader.Is("&&"))
        {
            // A dash at the end stands for itself.
            reader.Return(position);
            ranges.Add((first, first));
            return;
        }
        if (TakeOne(items) is not { } last)
        {
            ranges.AddRange([(first, first), ('-', '-')]);
            return;
        }
        if (last < first)
            throw reader.Broken("has a range that runs backwards");
        ranges.Add((first, last));
    }

    // One code point; a set goes to the items instead.
    private int? TakeOne(List<ScalarSet> items)
    {
        if (!reader.Take("\\"))
            return reader.TakeScalar();
        if (reader.Take("b"))
            return '\b';
        if (PatternEscapes.TakeSet(reader) is not { } set)
            return PatternEscapes.TakeScalar(reader);
        items.Add(set);
        return null;
    }

    private ScalarSet? Posix()
    {
        var position = reader.Position;
        reader.Take("[:");
        var negative = reader.Take("^");
        var start = reader.Position;
        while (char.IsAsciiLetter(reader.Peek))
            reader.TakeScalar();
        if (reader.Position == start || !reader.Is(":]"))
        {
            reader.Return(position);
            return null;
        }
        reader.Return(start);
        var name = reader.TakeUntil(":]");
        var set = UnicodeProperties.Class(name) ?? throw reader.Unsupported($"the class '[:{name}:]'");
        return negative ? new ComplementSet(set) : set;
    }
}
