using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Unicode's normalization form C, with where each code point came from.</summary>
internal static class NormalizationFormC
{
    // Below this code point nothing combines.
    private const char FirstMark = '\u0300';

    /// <summary>Whether a text is in normal form for certain; false says only that it has to be looked at.</summary>
    public static bool IsNormal(ReadOnlySpan<char> text)
    {
        var index = text.IndexOfAnyInRange(FirstMark, '\uFFFF');
        if (index < 0)
            return true;
        var tables = NormalizationTables.Instance;
        while (index < text.Length)
        {
            if (tables.IsSuspect(Scalars.At(text, index, out var length)))
                return false;
            index += length;
        }
        return true;
    }

    /// <summary>Brings a text into normal form.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="origins">For each code point of the result: which code point of the text it stands for. One that was composed stands for
    /// the first of those it was made of, as the reference counts.</param>
    public static string Normalize(ReadOnlySpan<char> text, out int[] origins)
    {
        var marks = Compose(Order(Decompose(text)));
        origins = new int[marks.Count];
        var result = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        var consumed = 0;
        for (var i = 0; i < marks.Count; i++)
        {
            var mark = marks[i];
            result.Append(units[..new Rune(mark.Scalar).EncodeToUtf16(units)]);
            origins[i] = mark.Change > 0 ? Math.Max(consumed - 1, 0) : consumed;
            consumed += 1 - mark.Change;
        }
        return result.ToString();
    }

    private static List<Mark> Decompose(ReadOnlySpan<char> text)
    {
        var marks = new List<Mark>(text.Length + 8);
        for (var index = 0; index < text.Length;)
        {
            var scalar = Scalars.At(text, index, out var length);
            index += length;
            if (scalar < 0x80)
                marks.Add(new Mark(scalar, 0, 0));
            else
                Decompose(scalar, 0, marks);
        }
        return marks;
    }

    private static void Decompose(int scalar, int change, List<Mark> marks)
    {
        var tables = NormalizationTables.Instance;
        if (!tables.TryDecompose(scalar, out var first, out var second))
        {
            marks.Add(new Mark(scalar, change, tables.Class(scalar)));
            return;
        }
        Decompose(first, change, marks);
        if (second >= 0)
            Decompose(second, 1, marks);
    }

    // Sorts each run of combining marks by class; marks of one class stay in order.
    private static List<Mark> Order(List<Mark> marks)
    {
        for (var begin = 0; begin < marks.Count; begin++)
        {
            if (marks[begin].Class == 0)
                continue;
            var end = begin + 1;
            var sorted = true;
            for (; end < marks.Count && marks[end].Class != 0; end++)
                sorted &= marks[end - 1].Class <= marks[end].Class;
            if (!sorted)
            {
                var run = marks.GetRange(begin, end - begin).OrderBy(mark => mark.Class).ToList();
                for (var i = 0; i < run.Count; i++)
                    marks[begin + i] = run[i];
            }
            begin = end;
        }
        return marks;
    }

    private static List<Mark> Compose(List<Mark> marks)
    {
        var result = new List<Mark>(marks.Count);
        var starter = -1;
        foreach (var mark in marks)
        {
            // A mark is cut off from the starter by one of its own or a higher class between them.
            var last = result.Count - 1;
            if (starter >= 0 && (last == starter || result[last].Class < mark.Class)
                && NormalizationTables.Instance.Compose(result[starter].Scalar, mark.Scalar) is >= 0 and var composed)
            {
                result[starter] = new Mark(composed, result[starter].Change + mark.Change - 1, 0);
                continue;
            }
            if (mark.Class == 0)
                starter = result.Count;
            result.Add(mark);
        }
        return result;
    }

    /// <summary>A code point on its way.</summary>
    /// <param name="Scalar">The code point.</param>
    /// <param name="Change">1: came in additionally; 0: stands for one of the text; -n: swallowed n more.</param>
    /// <param name="Class">Its combining class.</param>
    private readonly record struct Mark(int Scalar, int Change, byte Class);
}
