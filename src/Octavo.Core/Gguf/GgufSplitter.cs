using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>
/// Writes a GGUF file in parts: all metadata in the first, the tensors in their order, each part as full as the limit allows.
/// </summary>
public static class GgufSplitter
{
    /// <summary>Writes <c>STEM-00001-of-0000N.gguf</c> and so on.</summary>
    /// <param name="source">What to split; a split one is split anew.</param>
    /// <param name="folder">Where the parts go; it is made where it does not exist.</param>
    /// <param name="stem">The name before the numbers, without folders.</param>
    /// <param name="maxBytes">The most bytes of one part, its head included.</param>
    /// <returns>The parts' paths, in order.</returns>
    /// <exception cref="ConfigException">A tensor or the metadata alone exceed the limit, or a part is there already.</exception>
    /// <exception cref="ResourceException">The disk is full or fails; the parts written so far are removed.</exception>
    public static IReadOnlyList<string> Split(GgufFile source, string folder, string stem, long maxBytes)
    {
        if (stem.Length == 0 || stem.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new ConfigException($"'{stem}' is no stem for file names: it must be one name without folders.");
        var metadata = source.Metadata.Values
            .Where(pair => !pair.Key.StartsWith("split.", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
        var alignment = GgufWriter.AlignmentOf(metadata);
        var parts = Plan(source, metadata, alignment, maxBytes);
        var paths = Enumerable.Range(1, parts.Count).Select(i => Path.Combine(folder, GgufPartName.Of(stem, i, parts.Count))).ToList();
        foreach (var path in paths)
        {
            if (File.Exists(path))
                throw new ConfigException($"{path}: the part is there already. Choose another folder or name.");
        }
        WriteParts(source, folder, metadata, parts, paths);
        return paths;
    }

    private static void WriteParts(
        GgufFile source, string folder, Dictionary<string, object> metadata, List<List<StoredTensor>> parts, List<string> paths)
    {
        var written = 0;
        try
        {
            Directory.CreateDirectory(folder);
            for (; written < parts.Count; written++)
            {
                var head = Head(written == 0 ? metadata : AlignmentOnly(metadata), written, parts.Count, source.Tensors.Count);
                GgufWriter.Write(paths[written], head, parts[written]);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new ConfigException($"{folder}: the folder cannot be made: {error.Message}", error);
        }
        finally
        {
            if (written < parts.Count)
                paths.Take(written).ToList().ForEach(File.Delete);
        }
    }

    private static List<List<StoredTensor>> Plan(GgufFile source, Dictionary<string, object> metadata, int alignment, long maxBytes)
    {
        var parts = new List<List<StoredTensor>> { new() };
        var laterHead = Unpadded(Head(AlignmentOnly(metadata), 0, 0, 0));
        var (head, data) = (Unpadded(Head(metadata, 0, 0, 0)), 0L);
        if (GgufHeaderReader.Align(head, alignment) > maxBytes)
            throw new ConfigException(
                $"{source.Location}: the metadata alone take {head} bytes; a part may have {maxBytes}. Allow larger parts.");
        foreach (var tensor in source.Tensors)
        {
            var (entry, bytes) = (GgufHeaderWriter.EntryBytes(OutgoingTensor.Of(tensor)), GgufHeaderReader.Align(tensor.ByteLength, alignment));
            if (GgufHeaderReader.Align(head + entry, alignment) + data + bytes > maxBytes)
            {
                (head, data) = (laterHead, 0);
                parts.Add([]);
                if (GgufHeaderReader.Align(head + entry, alignment) + bytes > maxBytes)
                    throw new ConfigException($"{source.Location}: the tensor '{tensor.Name}' alone takes {bytes} bytes; "
                        + $"a part may have {maxBytes}. Allow larger parts.");
            }
            parts[^1].Add(tensor);
            head += entry;
            data += bytes;
        }
        if (parts.Count > GgufSplit.MaxParts)
            throw new ConfigException($"{source.Location}: {parts.Count} parts would be needed; "
                + $"at most {GgufSplit.MaxParts} are possible. Allow larger parts.");
        return parts;
    }

    // The head without tensors, before padding: alignment 1 measures it so.
    private static long Unpadded(Dictionary<string, object> metadata) => GgufHeaderWriter.Write(metadata, [], alignment: 1).Length;

    // A later part must be readable by itself, so it says its alignment where that is not the usual one.
    private static Dictionary<string, object> AlignmentOnly(Dictionary<string, object> metadata) =>
        metadata.TryGetValue(GgufHeaderReader.AlignmentKey, out var alignment)
            ? new Dictionary<string, object>(StringComparer.Ordinal) { [GgufHeaderReader.AlignmentKey] = alignment }
            : new Dictionary<string, object>(StringComparer.Ordinal);

    private static Dictionary<string, object> Head(Dictionary<string, object> metadata, int number, int count, int tensors) =>
        new(metadata, StringComparer.Ordinal)
        {
            [GgufSplit.Number] = (ushort)number,
            [GgufSplit.Count] = (ushort)count,
            [GgufSplit.TensorCount] = tensors,
        };
}
