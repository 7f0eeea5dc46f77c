using System.Runtime.CompilerServices;
using Octavo.Core.Store;
using Octavo.Core.Tensors;

namespace Octavo.Core.Gguf;

/// <summary>
/// Writes GGUF files, version 3. Data go from where they lie straight to the file; the file appears under its name only when it is whole.
/// </summary>
public static class GgufWriter
{
    /// <summary>Writes one file. The alignment is 32, or what the metadata's <c>general.alignment</c> says.</summary>
    /// <param name="path">The file to make; <c>path.incomplete</c> stands beside it while it is written.</param>
    /// <param name="metadata">Keys and values of the types that <see cref="GgufMetadata"/> names, in the order to write them.</param>
    /// <param name="tensors">The tensors, in the order to write them; a scalar becomes a tensor of one dimension.</param>
    /// <param name="overwrite">True replaces a file that is there.</param>
    /// <exception cref="ConfigException">The file is there already, a name stands twice, or the place cannot be written to.</exception>
    /// <exception cref="UnsupportedException">A value or a tensor is of a type or shape that GGUF does not have.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    [OverloadResolutionPriority(1)]
    public static void Write(
        string path, IReadOnlyDictionary<string, object> metadata, IReadOnlyList<StoredTensor> tensors, bool overwrite = false) =>
        Write(path, metadata, [.. tensors.Select(OutgoingTensor.Of)], overwrite);

    /// <summary>Writes one file whose data are made while they are written. The alignment is 32, or what <c>general.alignment</c> says.</summary>
    /// <param name="path">The file to make; <c>path.incomplete</c> stands beside it while it is written.</param>
    /// <param name="metadata">Keys and values of the types that <see cref="GgufMetadata"/> names, in the order to write them.</param>
    /// <param name="tensors">The tensors, in the order to write them; a scalar becomes a tensor of one dimension.</param>
    /// <param name="overwrite">True replaces a file that is there.</param>
    /// <exception cref="ConfigException">The file is there already, a name stands twice, or the place cannot be written to.</exception>
    /// <exception cref="UnsupportedException">A value or a tensor is of a type or shape that GGUF does not have.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, object> metadata, IReadOnlyList<OutgoingTensor> tensors, bool overwrite = false)
    {
        if (!overwrite && File.Exists(path))
            throw new ConfigException($"{path}: the file is there already. Choose another name, or say that it is to be overwritten.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ConfigException($"{path}: two tensors are called '{tensor.Name}'; a GGUF file holds each name once.");
        }
        var alignment = AlignmentOf(metadata);
        using var file = new IncompleteFile(path);
        file.Write(stream => WriteTo(stream, metadata, tensors, alignment));
        file.Keep(overwrite);
    }

    /// <summary>The alignment that metadata ask for.</summary>
    internal static int AlignmentOf(IReadOnlyDictionary<string, object> metadata)
    {
        if (!metadata.TryGetValue(GgufHeaderReader.AlignmentKey, out var found))
            return GgufHeaderReader.DefaultAlignment;
        return found is uint alignment && GgufHeaderReader.IsAlignment(alignment)
            ? (int)alignment
            : throw new ConfigException($"{GgufHeaderReader.AlignmentKey} is {found} ({found.GetType().Name}); "
                + $"a UInt32 power of two up to {GgufHeaderReader.MaxAlignment} is expected.");
    }

    private static void WriteTo(
        Stream file, IReadOnlyDictionary<string, object> metadata, IReadOnlyList<OutgoingTensor> tensors, int alignment)
    {
        file.Write(GgufHeaderWriter.Write(metadata, tensors, alignment));
        Span<byte> padding = stackalloc byte[256];
        padding.Clear();
        foreach (var tensor in tensors)
        {
            tensor.WriteTo(file);
            for (var left = GgufHeaderReader.Align(tensor.ByteLength, alignment) - tensor.ByteLength; left > 0; left -= padding.Length)
                file.Write(padding[..(int)Math.Min(left, padding.Length)]);
        }
    }
}
