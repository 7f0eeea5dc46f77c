using System.Text.Json;
using Octavo.Core;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Octavo.Training.Data.Rows;

/// <summary>One decoded column of a row group, read from its first value to its last.</summary>
internal sealed class ParquetColumn
{
    private readonly DataField _field;
    private readonly int[] _levels;
    private readonly int[] _repetitions;
    private readonly Action<Utf8JsonWriter, int> _write;
    private readonly long _count;
    private int _at;
    private int _value;

    private ParquetColumn(DataField field, int[] levels, int[] repetitions, Action<Utf8JsonWriter, int> write, long count) =>
        (_field, _levels, _repetitions, _write, _count) = (field, levels, repetitions, write, count);

    /// <summary>Whether an entry is left.</summary>
    public bool HasMore => _at < _count;

    /// <summary>How much of the path to the current entry is there.</summary>
    public int Level => _levels.Length == 0 ? 0 : _levels[_at];

    /// <summary>The list that the current entry goes on with; 0 begins a row.</summary>
    public int Repetition => _repetitions.Length == 0 ? 0 : _repetitions[_at];

    /// <summary>Decodes a column.</summary>
    public static ParquetColumn Read(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken)
    {
        using var raw = group.ReadRawColumnDataBaseAsync(field, cancellationToken).AsTask().GetAwaiter().GetResult();
        int[] levels = field.MaxDefinitionLevel > 0 ? [.. raw.DefinitionLevels] : [];
        int[] repetitions = field.MaxRepetitionLevel > 0 ? [.. raw.RepetitionLevels] : [];
        var (write, values) = Writer(raw);
        return new ParquetColumn(field, levels, repetitions, write, levels.Length > 0 ? levels.Length : values);
    }

    /// <summary>Writes the current entry and goes on.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="present">The level at which there is a value.</param>
    /// <param name="depth">The lists around it.</param>
    public void WriteValue(Utf8JsonWriter json, int present, int depth)
    {
        if (present != _field.MaxDefinitionLevel || depth != _field.MaxRepetitionLevel)
            throw new UnsupportedException($"the Parquet column '{_field.Path}' nests in a way that is not read.");
        if (Level == present)
            _write(json, _value++);
        else
            json.WriteNullValue();
        _at++;
    }

    /// <summary>Passes over the current entry, and over those that go on with lists deeper than <paramref name="depth"/>.</summary>
    public void Skip(int depth)
    {
        do
        {
            if (Level == _field.MaxDefinitionLevel)
                _value++;
            _at++;
        }
        while (HasMore && Repetition > depth);
    }

    private static (Action<Utf8JsonWriter, int> Write, long Count) Writer(RawColumnData raw)
    {
        switch (raw)
        {
            case RawColumnData<ReadOnlyMemory<char>> texts:
                var text = texts.Values.ToArray().Select(value => value.ToString()).ToArray();
                return ((json, at) => json.WriteStringValue(text[at]), text.Length);
            case RawColumnData<int> numbers:
                var ints = numbers.Values.ToArray();
                return ((json, at) => json.WriteNumberValue(ints[at]), ints.Length);
            case RawColumnData<long> numbers:
                var longs = numbers.Values.ToArray();
                return ((json, at) => json.WriteNumberValue(longs[at]), longs.Length);
            case RawColumnData<double> numbers:
                var doubles = numbers.Values.ToArray();
                return ((json, at) => WriteReal(json, doubles[at]), doubles.Length);
            case RawColumnData<float> numbers:
                var floats = numbers.Values.ToArray();
                return ((json, at) => WriteReal(json, floats[at]), floats.Length);
            case RawColumnData<bool> flags:
                var bools = flags.Values.ToArray();
                return ((json, at) => json.WriteBooleanValue(bools[at]), bools.Length);
            default:
                // pictures, times and the like are no text to learn; their rows keep the column, without a value
                return ((json, _) => json.WriteNullValue(), long.MaxValue);
        }
    }

    private static void WriteReal(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }
}
