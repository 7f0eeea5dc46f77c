using System.Text.Encodings.Web;
using System.Text.Json;
using Octavo.Core;
using Parquet;
using Parquet.Schema;

namespace Octavo.Training.Data.Rows;

/// <summary>Puts the rows of a row group together from its columns, and writes them as JSON.</summary>
/// <param name="schema">The file's columns.</param>
/// <param name="group">The row group.</param>
/// <param name="cancellationToken">Stops the decoding.</param>
internal sealed class ParquetGroup(ParquetSchema schema, ParquetRowGroupReader group, CancellationToken cancellationToken)
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<DataField, ParquetColumn> _columns = [];

    /// <summary>Writes all rows.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="starts">Takes the place behind each row.</param>
    public void WriteTo(Stream stream, List<long> starts)
    {
        foreach (var field in schema.DataFields)
            _columns.Add(field, ParquetColumn.Read(group, field, cancellationToken));
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, _options);
        for (long row = 0; row < group.RowCount; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            buffer.SetLength(0);
            json.Reset();
            json.WriteStartObject();
            foreach (var field in schema.Fields)
            {
                json.WritePropertyName(field.Name);
                Write(json, field, 0, 0);
            }
            json.WriteEndObject();
            json.Flush();
            Append(stream, buffer);
            starts.Add(starts[^1] + buffer.Length);
        }
    }

    /// <summary>The error for a disk that is full.</summary>
    public static ResourceException NoSpace(IOException error) => new(
        $"the rows of a Parquet file do not fit in {System.IO.Path.GetTempPath()}: {error.Message} "
        + "Free space there, or set TMPDIR to another folder.", error);

    // the stream stands where the rows before end; what a failed write leaves is cut off with the file
    private static void Append(Stream stream, MemoryStream buffer)
    {
        try
        {
            buffer.WriteTo(stream);
        }
        catch (IOException error)
        {
            throw NoSpace(error);
        }
    }

    // level: definition level of what is around the field; depth: repetition level
    private void Write(Utf8JsonWriter json, Field field, int level, int depth)
    {
        switch (field)
        {
            case DataField { IsArray: true } data:
                WriteList(json, data, level + 1, depth + 1, (inner, outer) => _columns[data].WriteValue(json, inner, outer));
                break;
            case DataField data:
                _columns[data].WriteValue(json, level + (data.IsNullable ? 1 : 0), depth);
                break;
            case StructField group:
                WriteStruct(json, group, level + (group.IsNullable ? 1 : 0), depth);
                break;
            case ListField list:
                var present = level + (list.IsNullable ? 1 : 0);
                WriteList(json, list, present + 1, depth + 1, (inner, outer) => Write(json, list.Item, inner, outer));
                break;
            default:
                Skip(field, depth);
                json.WriteNullValue();
                break;
        }
    }

    private void WriteStruct(Utf8JsonWriter json, StructField field, int present, int depth)
    {
        if (FirstLeaf(field).Level < present)
        {
            Skip(field, depth);
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        foreach (var child in field.Fields)
        {
            json.WritePropertyName(child.Name);
            Write(json, child, present, depth);
        }
        json.WriteEndObject();
    }

    private void WriteList(Utf8JsonWriter json, Field field, int hasItems, int depth, Action<int, int> writeItem)
    {
        var leaf = FirstLeaf(field);
        if (leaf.Level < hasItems)
        {
            var isEmpty = leaf.Level == hasItems - 1;
            Skip(field, depth);
            if (isEmpty)
                json.WriteStartArray();
            else
                json.WriteNullValue();
            if (isEmpty)
                json.WriteEndArray();
            return;
        }
        json.WriteStartArray();
        do
            writeItem(hasItems, depth);
        while (leaf.HasMore && leaf.Repetition == depth);
        json.WriteEndArray();
    }

    private void Skip(Field field, int depth)
    {
        foreach (var leaf in Leaves(field))
            _columns[leaf].Skip(depth);
    }

    private ParquetColumn FirstLeaf(Field field) => _columns[Leaves(field).First()];

    private static IEnumerable<DataField> Leaves(Field field) => field switch
    {
        DataField data => [data],
        StructField group => group.Fields.SelectMany(Leaves),
        ListField list => Leaves(list.Item),
        MapField map => Leaves(map.Key).Concat(Leaves(map.Value)),
        _ => throw new UnsupportedException($"the Parquet column '{field.Name}' is of a kind that is not read."),
    };
}
