using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Brings texts into Unicode's normal forms, with what each code point stands for.</summary>
internal static class Normalizing
{
    // Below the first nothing combines, below the second nothing comes apart.
    private const char FirstMark = '\u0300';
    private const char FirstComposed = '\u00A0';

    /// <summary>Whether a text is in normal form for certain; false says only that it has to be looked at.</summary>
    public static bool IsNormal(ReadOnlySpan<char> text, NormalForm form)
    {
        var index = text.IndexOfAnyInRange(form == NormalForm.C ? FirstMark : FirstComposed, '\uFFFF');
        if (index < 0)
            return true;
        var tables = NormalizationTables.Instance;
        var composes = form is NormalForm.C or NormalForm.KC;
        var compatible = form is NormalForm.KC or NormalForm.KD;
        while (index < text.Length)
        {
            var scalar = Scalars.At(text, index, out var length);
            if (composes ? tables.IsSuspect(scalar) : tables.Class(scalar) != 0 || tables.TryDecompose(scalar, out _, out _))
                return false;
            if (compatible && CompatibilityTables.Instance.Decomposition(scalar).Length > 0)
                return false;
            index += length;
        }
        return true;
    }

    /// <summary>The code points of a text in normal form.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="form">The form.</param>
    public static List<TextChange> Changes(ReadOnlySpan<char> text, NormalForm form)
    {
        var marks = Order(Decompose(text, form is NormalForm.KC or NormalForm.KD));
        if (form is NormalForm.C or NormalForm.KC)
            marks = Compose(marks);
        var changes = new List<TextChange>(marks.Count);
        foreach (var mark in marks)
            changes.Add(new TextChange(mark.Scalar, mark.Change));
        return changes;
    }

    private static List<Mark> Decompose(ReadOnlySpan<char> text, bool compatible)
    {
        var marks = new List<Mark>(text.Length + 8);
        for (var index = 0; index < text.Length;)
        {
            var scalar = Scalars.At(text, index, out var length);
            index += length;
            if (scalar < 0x80)
                marks.Add(new Mark(scalar, 0, 0));
            else
                Decompose(scalar, 0, compatible, marks);
        }
        return marks;
    }

    private static void Decompose(int scalar, int change, bool compatible, List<Mark> marks)
    {
        var tables = NormalizationTables.Instance;
        if (tables.TryDecompose(scalar, out var first, out var second))
        {
            Decompose(first, change, compatible, marks);
            if (second >= 0)
                Decompose(second, 1, compatible, marks);
            return;
        }
        var variants = compatible ? CompatibilityTables.Instance.Decomposition(scalar) : [];
        if (variants.IsEmpty)
            marks.Add(new Mark(scalar, change, tables.Class(scalar)));
        for (var i = 0; i < variants.Length; i++)
            Decompose(variants[i], i == 0 ? change : 1, compatible, marks);
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
    /// <param name="Change">As in <see cref="TextChange.Delta"/>.</param>
    /// <param name="Class">Its combining class.</param>
    private readonly record struct Mark(int Scalar, int Change, byte Class);
}
