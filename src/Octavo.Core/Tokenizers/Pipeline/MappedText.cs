using System.Text;

namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>
/// A text on its way through the stages, with the stretch of the original that each of its UTF-16 units stands for. Belongs to
/// one encoding.
/// </summary>
internal sealed class MappedText
{
    private char[] _units;

    // Per unit: where its stretch of the original begins and ends. Null: each unit stands for itself, moved by the shift.
    private int[]? _starts;
    private int[]? _ends;

    /// <summary>Takes a stretch of the original as it is.</summary>
    /// <param name="text">The stretch, without lone surrogates.</param>
    /// <param name="shift">Where it begins in the original, in UTF-16 units.</param>
    public MappedText(ReadOnlySpan<char> text, int shift)
    {
        _units = text.ToArray();
        Length = text.Length;
        Shift = shift;
    }

    private MappedText(char[] units, int[] starts, int[] ends, int length, int shift)
    {
        _units = units;
        _starts = starts;
        _ends = ends;
        Length = length;
        Shift = shift;
    }

    /// <summary>How many units the text has.</summary>
    public int Length { get; private set; }

    /// <summary>Where the text began in the original, before any change.</summary>
    public int Shift { get; }

    /// <summary>The units. They may be written over where one unit takes the place of one.</summary>
    public Span<char> Units => _units.AsSpan(0, Length);

    /// <summary>Where in the original the scalar that begins at a unit begins.</summary>
    public int StartOf(int unit) => _starts is null ? Shift + unit : _starts[unit];

    /// <summary>Where in the original the scalar that ends before a unit ends.</summary>
    public int EndOf(int unit) => _ends is null ? Shift + unit : _ends[unit - 1];

    /// <summary>Rewrites the text.</summary>
    /// <param name="changes">The code points of the new text in order.</param>
    /// <param name="removed">How many code points are taken off the beginning first.</param>
    public void Transform(IReadOnlyList<TextChange> changes, int removed = 0)
    {
        var old = Units;
        var writer = new Writer(changes.Count + 16);
        Span<char> units = stackalloc char[2];
        var at = Advance(old, 0, removed);
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var added = change.Delta > 0;
            var start = added ? StartBefore(at) : StartOf(at);
            var end = added ? EndBefore(at) : EndOf(at + ScalarLength(old, at));
            var count = new Rune(change.Scalar).EncodeToUtf16(units);
            writer.Put(units[..count], start, end);
            at = added ? at : Advance(old, at, 1 - change.Delta);
        }
        Take(writer);
    }

    /// <summary>Writes another text from stretches of this one and from what comes in between.</summary>
    /// <returns>What has been written; <see cref="Take"/> makes it the text.</returns>
    public Writer Rewrite() => new(Length + 16);

    /// <summary>Makes what was written the text.</summary>
    public void Take(Writer writer) =>
        (_units, _starts, _ends, Length) = (writer.Units, writer.Starts, writer.Ends, writer.Length);

    /// <summary>What was written as a text of its own.</summary>
    public MappedText With(Writer writer) => new(writer.Units, writer.Starts, writer.Ends, writer.Length, Shift);

    /// <summary>Copies a stretch with its mapping.</summary>
    public void CopyTo(Writer writer, int from, int to)
    {
        if (_starts is not null)
        {
            writer.Put(Units[from..to], _starts.AsSpan(from, to - from), _ends.AsSpan(from, to - from));
            return;
        }
        writer.Put(Units[from..to], Shift + from);
    }

    /// <summary>Where in the original the code point before a unit begins; at the beginning, where the text began.</summary>
    public int StartBefore(int unit)
    {
        if (unit == 0)
            return Shift;
        return StartOf(unit - (char.IsLowSurrogate(_units[unit - 1]) ? 2 : 1));
    }

    /// <summary>Where in the original the code point before a unit ends; at the beginning, where the text began.</summary>
    public int EndBefore(int unit) => unit == 0 ? Shift : EndOf(unit);

    public override string ToString() => new(Units);

    private static int ScalarLength(ReadOnlySpan<char> units, int at) => char.IsHighSurrogate(units[at]) ? 2 : 1;

    private static int Advance(ReadOnlySpan<char> units, int at, int scalars)
    {
        for (; scalars > 0; scalars--)
            at += ScalarLength(units, at);
        return at;
    }

    /// <summary>A text being written.</summary>
    /// <param name="capacity">How many units are expected.</param>
    internal sealed class Writer(int capacity)
    {
        public char[] Units { get; private set; } = new char[capacity];

        public int[] Starts { get; private set; } = new int[capacity];

        public int[] Ends { get; private set; } = new int[capacity];

        public int Length { get; private set; }

        /// <summary>Adds units that all stand for one stretch of the original.</summary>
        public void Put(ReadOnlySpan<char> units, int start, int end)
        {
            Reserve(units.Length);
            units.CopyTo(Units.AsSpan(Length));
            Starts.AsSpan(Length, units.Length).Fill(start);
            Ends.AsSpan(Length, units.Length).Fill(end);
            Length += units.Length;
        }

        /// <summary>Adds one unit.</summary>
        public void Put(char unit, int start, int end)
        {
            if (Length == Units.Length)
                Reserve(1);
            Units[Length] = unit;
            Starts[Length] = start;
            Ends[Length++] = end;
        }

        /// <summary>Adds units with a stretch each.</summary>
        public void Put(ReadOnlySpan<char> units, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends)
        {
            Reserve(units.Length);
            units.CopyTo(Units.AsSpan(Length));
            starts.CopyTo(Starts.AsSpan(Length));
            ends.CopyTo(Ends.AsSpan(Length));
            Length += units.Length;
        }

        /// <summary>Adds units of the original itself.</summary>
        /// <param name="units">The units.</param>
        /// <param name="start">Where they begin there.</param>
        public void Put(ReadOnlySpan<char> units, int start)
        {
            Reserve(units.Length);
            units.CopyTo(Units.AsSpan(Length));
            var starts = Starts.AsSpan(Length, units.Length);
            var ends = Ends.AsSpan(Length, units.Length);
            for (var i = 0; i < units.Length; i++)
                (starts[i], ends[i]) = (start + i, start + i + 1);
            for (var i = units.IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0; i = Following(units, i))
                (starts[i + 1], ends[i]) = (starts[i], ends[i + 1]);
            Length += units.Length;
        }

        /// <summary>Takes a sign off the end, as often as it stands there.</summary>
        public void TrimEnd(char sign)
        {
            while (Length > 0 && Units[Length - 1] == sign)
                Length--;
        }

        // The next high surrogate behind one, or -1.
        private static int Following(ReadOnlySpan<char> units, int at)
        {
            var step = units[(at + 1)..].IndexOfAnyInRange('\uD800', '\uDBFF');
            return step < 0 ? -1 : at + 1 + step;
        }

        private void Reserve(int count)
        {
            var needed = Length + count;
            if (needed <= Units.Length)
                return;
            var size = Math.Max(needed, Units.Length * 2);
            (Units, Starts, Ends) = (Grown(Units, size), Grown(Starts, size), Grown(Ends, size));
        }

        private static T[] Grown<T>(T[] array, int size)
        {
            Array.Resize(ref array, size);
            return array;
        }
    }
}
