using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>Makes the head of a safetensors file and the text of an index, with the spacing, order and escapes of the reference library.</summary>
internal static class SafetensorsHeaderWriter
{
    private const int Alignment = 8;
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses names that stand twice.</summary>
    public static void CheckNames(string path, IReadOnlyList<OutgoingTensor> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ConfigException($"{path}: two tensors are called '{tensor.Name}'; a checkpoint holds each name once.");
            if (tensor.Name == SafetensorsHeaderReader.MetadataKey)
                throw new UnsupportedException($"{path}: a tensor is called '{tensor.Name}', which safetensors keeps for texts. Rename it.");
        }
    }

    /// <summary>The tensors in the order of the file: by the rank of their types, the widest first, then by the bytes of their names.</summary>
    public static List<OutgoingTensor> Sorted(string path, IReadOnlyList<OutgoingTensor> tensors)
    {
        var keyed = tensors.Select(tensor => (Rank: SafetensorsType.RankOf(path, tensor), Name: Bytes(path, tensor.Name), Tensor: tensor)).ToList();
        keyed.Sort(static (a, b) => a.Rank != b.Rank ? b.Rank.CompareTo(a.Rank) : a.Name.AsSpan().SequenceCompareTo(b.Name));
        return [.. keyed.Select(item => item.Tensor)];
    }

    /// <summary>The length and the JSON, padded with spaces to 8 bytes.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="sorted">The tensors in the order of the file.</param>
    /// <param name="metadata">The texts, or null.</param>
    public static byte[] Write(string path, IReadOnlyList<OutgoingTensor> sorted, IReadOnlyDictionary<string, string>? metadata)
    {
        if (sorted.Count > SafetensorsHeaderReader.MaxTensors)
            throw new UnsupportedException($"{path}: {sorted.Count} tensors; at most {SafetensorsHeaderReader.MaxTensors} go into a file. Write shards.");
        var json = new StringBuilder("{");
        if (metadata is not null)
            AppendMetadata(json, path, metadata);
        long offset = 0;
        foreach (var tensor in sorted)
        {
            if (tensor.Shape.Count > SafetensorsHeaderReader.MaxDimensions)
                throw new UnsupportedException($"{path}: the tensor '{tensor.Name}' has {tensor.Shape.Count} dimensions; "
                    + $"at most {SafetensorsHeaderReader.MaxDimensions} are written.");
            Separate(json);
            AppendText(json, tensor.Name, isAscii: false);
            json.Append(CultureInfo.InvariantCulture, $":{{\"dtype\":\"{SafetensorsType.NameOf(tensor.Type)}\",\"shape\":[")
                .AppendJoin(',', tensor.Shape)
                .Append(CultureInfo.InvariantCulture, $"],\"data_offsets\":[{offset},{offset + tensor.ByteLength}]}}");
            offset += tensor.ByteLength;
        }
        var text = Bytes(path, json.Append('}').ToString());
        var length = (text.Length + Alignment - 1) / Alignment * Alignment;
        if (length > SafetensorsHeaderReader.MaxHeaderBytes)
            throw new UnsupportedException($"{path}: the header takes {length} bytes; at most {SafetensorsHeaderReader.MaxHeaderBytes} are allowed. Write shards.");
        var header = new byte[sizeof(ulong) + length];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        text.CopyTo(header, sizeof(ulong));
        return header;
    }

    /// <summary>The text of an index: the sum of the tensors' bytes, and the shard of each tensor by name.</summary>
    public static byte[] WriteIndex(IReadOnlyList<List<OutgoingTensor>> shards, IReadOnlyList<string> files)
    {
        var total = shards.Sum(shard => shard.Sum(tensor => tensor.ByteLength));
        var places = shards.SelectMany((shard, i) => shard.Select(tensor => (Name: tensor.Name, Key: Bytes(files[i], tensor.Name), File: Path.GetFileName(files[i]))))
            .ToList();
        places.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        var json = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{{\n  \"metadata\": {{\n    \"total_size\": {total}\n  }},\n  \"weight_map\": {{");
        for (var i = 0; i < places.Count; i++)
        {
            AppendText(json.Append(i == 0 ? "\n    " : ",\n    "), places[i].Name, isAscii: true);
            AppendText(json.Append(": "), places[i].File, isAscii: true);
        }
        return _utf8.GetBytes(json.Append("\n  }\n}\n").ToString());
    }

    private static void AppendMetadata(StringBuilder json, string path, IReadOnlyDictionary<string, string> metadata)
    {
        json.Append($"\"{SafetensorsHeaderReader.MetadataKey}\":{{");
        var sorted = metadata.Select(pair => (Key: Bytes(path, pair.Key), Text: pair)).ToList();
        sorted.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        foreach (var (_, text) in sorted)
        {
            Separate(json);
            AppendText(json, text.Key, isAscii: false);
            AppendText(json.Append(':'), text.Value, isAscii: false);
        }
        json.Append('}');
    }

    private static void Separate(StringBuilder json)
    {
        if (json[^1] != '{')
            json.Append(',');
    }

    private static void AppendText(StringBuilder json, string text, bool isAscii)
    {
        json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                > '~' and not '\u007F' when isAscii => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }
        json.Append('"');
    }

    private static byte[] Bytes(string path, string text)
    {
        try
        {
            return _utf8.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new UnsupportedException($"{path}: a name or text holds half a surrogate pair, which UTF-8 cannot. Rename it.", error);
        }
    }
}
