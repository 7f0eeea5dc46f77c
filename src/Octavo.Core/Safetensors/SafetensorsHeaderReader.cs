using System.Buffers.Binary;
using System.Text.Json;
using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>Reads and checks the head of a safetensors file: 8 bytes of length, JSON, then the data without holes.</summary>
internal static class SafetensorsHeaderReader
{
    public const long MaxHeaderBytes = 100_000_000;
    public const int MaxTensors = 1_000_000;
    public const int MaxDimensions = 16;
    public const string MetadataKey = "__metadata__";

    /// <summary>Reads the header and checks that the tensors fill the data section without hole or overlap.</summary>
    public static SafetensorsHeader Read(FileMemory file)
    {
        var length = HeaderLength(file);
        var dataOffset = sizeof(ulong) + length;
        var json = new JsonCursor(file.Path, file.Bytes(sizeof(ulong), (int)length), sizeof(ulong));
        var tensors = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        json.Next(JsonTokenType.StartObject, "the header");
        for (json.Next(); json.Token != JsonTokenType.EndObject; json.Next())
        {
            var at = json.At;
            var name = json.Text("a name");
            if (!names.Add(name))
                throw json.Bad(at, $"the key '{name}' stands twice");
            json.Subject = name;
            if (name == MetadataKey)
                metadata = ReadTexts(ref json);
            else if (tensors.Count == MaxTensors)
                throw json.Bad(at, $"there are more than {MaxTensors} tensors");
            else
                tensors.Add(ReadEntry(ref json, file.Path, name, at));
            json.Subject = "";
        }
        json.End();
        CheckRanges(file, tensors, dataOffset);
        return new SafetensorsHeader(dataOffset, metadata ?? [], tensors);
    }

    private static long HeaderLength(FileMemory file)
    {
        if (file.Length < sizeof(ulong))
            throw JsonCursor.Refusal(file.Path, 0, $"the file has {file.Length} bytes; the header's length takes {sizeof(ulong)}");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, sizeof(ulong)));
        var left = (ulong)file.Length - sizeof(ulong);
        if (length > MaxHeaderBytes)
            throw JsonCursor.Refusal(file.Path, 0, $"the header is {length} bytes long; at most {MaxHeaderBytes} are allowed");
        if (length > left)
            throw JsonCursor.Refusal(file.Path, 0, $"the header is {length} bytes long and {left} follow");
        if (length == 0 || file.Bytes(sizeof(ulong), 1)[0] != (byte)'{')
            throw JsonCursor.Refusal(file.Path, sizeof(ulong), "the header does not begin with '{'");
        return (long)length;
    }

    private static Dictionary<string, string> ReadTexts(ref JsonCursor json)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        json.Next(JsonTokenType.StartObject, "the metadata");
        for (json.Next(); json.Token != JsonTokenType.EndObject; json.Next())
        {
            var at = json.At;
            var key = json.Text("a metadata key");
            json.Next(JsonTokenType.String, "a metadata value");
            if (!texts.TryAdd(key, json.Text("a metadata value")))
                throw json.Bad(at, $"the metadata key '{key}' stands twice");
        }
        return texts;
    }

    private static SafetensorsEntry ReadEntry(ref JsonCursor json, string path, string name, long at)
    {
        TensorType? type = null;
        long[]? shape = null;
        (long Begin, long End)? range = null;
        json.Next(JsonTokenType.StartObject, "the entry");
        for (json.Next(); json.Token != JsonTokenType.EndObject; json.Next())
        {
            var field = json.Text("a field's name");
            if (field switch { "dtype" => type is not null, "shape" => shape is not null, "data_offsets" => range is not null, _ => false })
                throw json.Bad($"the entry has '{field}' twice");
            switch (field)
            {
                case "dtype":
                    type = ReadType(ref json, path, name);
                    break;
                case "shape":
                    shape = ReadShape(ref json);
                    break;
                case "data_offsets":
                    range = ReadRange(ref json);
                    break;
                default:
                    throw json.Bad($"the entry has the field '{field}'; dtype, shape and data_offsets are known");
            }
        }
        if (type is null || shape is null || range is null)
            throw json.Bad(at, $"the entry lacks {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        var (begin, end) = range.Value;
        CheckBytes(ref json, at, type.Value, shape, end - begin);
        return new SafetensorsEntry(name, type.Value, shape, begin, end, at);
    }

    private static TensorType ReadType(ref JsonCursor json, string path, string name)
    {
        json.Next(JsonTokenType.String, "dtype");
        var text = json.Text("dtype");
        return SafetensorsType.TryRead(text, out var type)
            ? type
            : throw new UnsupportedException(
                $"{path}: byte {json.At}: the tensor '{name}' has dtype '{text}'; supported are {SafetensorsType.Supported}. Convert it.");
    }

    private static long[] ReadShape(ref JsonCursor json)
    {
        Span<long> sizes = stackalloc long[MaxDimensions];
        var count = 0;
        json.Next(JsonTokenType.StartArray, "shape");
        for (json.Next(); json.Token != JsonTokenType.EndArray; json.Next())
        {
            if (count == MaxDimensions)
                throw json.Bad($"there are more than {MaxDimensions} dimensions");
            sizes[count++] = json.WholeNumber("a dimension");
        }
        return sizes[..count].ToArray();
    }

    private static (long Begin, long End) ReadRange(ref JsonCursor json)
    {
        json.Next(JsonTokenType.StartArray, "data_offsets");
        json.Next();
        var begin = json.WholeNumber("the begin");
        json.Next();
        var end = json.WholeNumber("the end");
        if (begin > end)
            throw json.Bad($"the data begin at {begin} and end before it, at {end}");
        json.Next(JsonTokenType.EndArray, "data_offsets");
        return (begin, end);
    }

    private static void CheckBytes(ref JsonCursor json, long at, TensorType type, long[] shape, long bytes)
    {
        UInt128 expected = (uint)type.BlockBytes();
        foreach (var size in shape)
        {
            expected *= (ulong)size;
            if (expected > long.MaxValue)
                throw json.Bad(at, $"the shape [{string.Join(", ", shape)}] of {type} overflows 63 bits");
        }
        if (expected != (ulong)bytes)
            throw json.Bad(at, $"the data have {bytes} bytes; [{string.Join(", ", shape)}] of {type} takes {expected}");
    }

    private static void CheckRanges(FileMemory file, List<SafetensorsEntry> tensors, long dataOffset)
    {
        // Empty tensors go first where they share their begin with another; the header's order decides the rest.
        tensors.Sort(static (a, b) =>
        {
            var order = a.Begin.CompareTo(b.Begin);
            order = order != 0 ? order : a.End.CompareTo(b.End);
            return order != 0 ? order : a.At.CompareTo(b.At);
        });
        long end = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end)
            {
                throw JsonCursor.Refusal(file.Path, tensor.At,
                    $"the tensor '{tensor.Name}' begins at byte {tensor.Begin} of the data and the one before it ends at {end}; "
                    + (tensor.Begin < end ? "they overlap" : "there is a hole"));
            }
            end = tensor.End;
        }
        if (end != file.Length - dataOffset)
            throw JsonCursor.Refusal(file.Path, dataOffset,
                $"the tensors take {end} bytes of data and the file has {file.Length - dataOffset}");
    }
}
