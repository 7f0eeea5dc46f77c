using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Octavo.Core.Sharding;
using Octavo.Core.Store;
using Octavo.Core.Tensors;

namespace Octavo.Core.Safetensors;

/// <summary>
/// Writes safetensors files, byte for byte as the reference library does: tensors by their types, the widest first, then by their names. Data
/// go from where they lie straight to the file; a file appears under its name only when it is whole.
/// </summary>
public static partial class SafetensorsWriter
{
    /// <summary>How large a shard becomes unless told otherwise: 5 GB.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Writes one file.</summary>
    /// <param name="path">The file to make; <c>path.incomplete</c> stands beside it while it is written.</param>
    /// <param name="tensors">The tensors, in any order; of types that safetensors has.</param>
    /// <param name="metadata">The <c>__metadata__</c> texts, written in the order of their keys; null for none.</param>
    /// <param name="overwrite">True replaces a file that is there.</param>
    /// <exception cref="ConfigException">The file is there already, a name stands twice, or the place cannot be written to.</exception>
    /// <exception cref="UnsupportedException">A tensor or text is of a type, shape or name that safetensors does not have.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    [OverloadResolutionPriority(1)]
    public static void Write(
        string path, IReadOnlyList<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool overwrite = false) =>
        Write(path, [.. tensors.Select(OutgoingTensor.Of)], metadata, overwrite);

    /// <summary>The same, with tensors whose data are made while they are written.</summary>
    /// <inheritdoc cref="Write(string, IReadOnlyList{StoredTensor}, IReadOnlyDictionary{string, string}, bool)"/>
    public static void Write(
        string path, IReadOnlyList<OutgoingTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (!overwrite && File.Exists(path))
            throw Exists(path);
        using var file = Begin(path, tensors, metadata);
        file.Keep(overwrite);
    }

    /// <summary>
    /// Writes a checkpoint in the hub's layout: <c>model.safetensors</c>, or where that would be too large shards
    /// <c>model-00001-of-00002.safetensors</c> and so on with <c>model.safetensors.index.json</c>. Every file is written aside first; then the
    /// old index goes, the shards take their names, and the new index does last, so that an interruption leaves no mixture that opens.
    /// </summary>
    /// <param name="folder">Where to write; it is made if it is not there.</param>
    /// <param name="tensors">The tensors; a shard takes them in this order until it is full. A larger tensor has a shard of its own.</param>
    /// <param name="metadata">The <c>__metadata__</c> texts of every file; null for none.</param>
    /// <param name="shardBytes">How many bytes of tensors a shard may hold.</param>
    /// <param name="overwrite">True replaces the safetensors of that name that are there, with their shards and index.</param>
    /// <returns>The files that hold tensors, in order.</returns>
    /// <exception cref="ConfigException">
    /// A checkpoint of that name is there already, a name stands twice, the shards would be too many, or the place cannot be written to.
    /// </exception>
    /// <exception cref="UnsupportedException">A tensor or text is of a type, shape or name that safetensors does not have.</exception>
    /// <exception cref="ResourceException">The disk is full or fails.</exception>
    [OverloadResolutionPriority(1)]
    public static IReadOnlyList<string> WriteFolder(
        string folder,
        IReadOnlyList<StoredTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        long shardBytes = DefaultShardBytes,
        bool overwrite = false) =>
        WriteFolder(folder, [.. tensors.Select(OutgoingTensor.Of)], metadata, shardBytes, overwrite);

    /// <summary>The same, with tensors whose data are made while they are written.</summary>
    /// <inheritdoc cref="WriteFolder(string, IReadOnlyList{StoredTensor}, IReadOnlyDictionary{string, string}, long, bool)"/>
    public static IReadOnlyList<string> WriteFolder(
        string folder,
        IReadOnlyList<OutgoingTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        long shardBytes = DefaultShardBytes,
        bool overwrite = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        SafetensorsHeaderWriter.CheckNames(folder, tensors);
        var shards = Split(tensors, shardBytes);
        if (shards.Count > ShardIndex.MaxShards)
            throw new ConfigException($"{folder}: {shards.Count} shards of {shardBytes} bytes are needed; at most {ShardIndex.MaxShards} can be. Make them larger.");
        var old = Old(folder);
        if (!overwrite && old.Count > 0)
            throw Exists(old[0]);
        var files = Enumerable.Range(1, shards.Count).Select(number => Path.Combine(folder, shards.Count == 1
            ? SafetensorsFolder.Standard + SafetensorsFolder.FileSuffix
            : $"{SafetensorsFolder.Standard}-{number:D5}-of-{shards.Count:D5}{SafetensorsFolder.FileSuffix}")).ToList();
        List<IncompleteFile> begun = [];
        try
        {
            for (var i = 0; i < shards.Count; i++)
                begun.Add(Begin(files[i], shards[i], metadata));
            var index = Path.Combine(folder, SafetensorsFolder.Standard + SafetensorsFolder.IndexSuffix);
            if (shards.Count > 1)
            {
                begun.Add(new IncompleteFile(index));
                begun[^1].Write(stream => stream.Write(SafetensorsHeaderWriter.WriteIndex(shards, files)));
            }
            Remove(old.Where(file => file == index));
            begun.ForEach(file => file.Keep(overwrite));
            Remove(old.Except(files).Where(file => file != index));
        }
        finally
        {
            begun.ForEach(file => file.Dispose());
        }
        return files;
    }

    /// <summary>Writes a file's bytes to a stream, which need not seek; whoever gave it brings it to the disk.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="tensors">The tensors, in any order.</param>
    /// <param name="metadata">The <c>__metadata__</c> texts; null for none.</param>
    /// <exception cref="ConfigException">A name stands twice.</exception>
    /// <exception cref="UnsupportedException">A tensor or text is of a type, shape or name that safetensors does not have.</exception>
    public static void WriteTo(
        Stream stream, string name, IReadOnlyList<OutgoingTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Prepare(name, tensors, metadata)(stream);
    }

    /// <summary>Checks what is to be written, before a file is begun; the result writes it.</summary>
    private static Action<Stream> Prepare(string name, IReadOnlyList<OutgoingTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        SafetensorsHeaderWriter.CheckNames(name, tensors);
        var sorted = SafetensorsHeaderWriter.Sorted(name, tensors);
        var header = SafetensorsHeaderWriter.Write(name, sorted, metadata);
        return stream =>
        {
            stream.Write(header);
            foreach (var tensor in sorted)
                tensor.WriteTo(stream);
        };
    }

    private static ConfigException Exists(string path) =>
        new($"{path}: the file is there already. Choose another place, or say that it is to be overwritten.");

    private static IncompleteFile Begin(string path, IReadOnlyList<OutgoingTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var write = Prepare(path, tensors, metadata);
        var file = new IncompleteFile(path);
        try
        {
            file.Write(write);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static List<List<OutgoingTensor>> Split(IReadOnlyList<OutgoingTensor> tensors, long shardBytes)
    {
        List<List<OutgoingTensor>> shards = [[]];
        long size = 0;
        foreach (var tensor in tensors)
        {
            if (shards[^1].Count > 0 && tensor.ByteLength > shardBytes - size)
            {
                shards.Add([]);
                size = 0;
            }
            shards[^1].Add(tensor);
            size += tensor.ByteLength;
        }
        return shards;
    }

    private static List<string> Old(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return [.. Directory.EnumerateFiles(folder).Where(file => OwnName().IsMatch(Path.GetFileName(file))).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{folder}: the folder cannot be written to: {error.Message}", error);
        }
    }

    private static void Remove(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ConfigException($"{file}: the old file cannot be removed: {error.Message} Remove the old checkpoint by hand.", error);
            }
        }
    }

    [GeneratedRegex(@"^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?\z")]
    private static partial Regex OwnName();
}
