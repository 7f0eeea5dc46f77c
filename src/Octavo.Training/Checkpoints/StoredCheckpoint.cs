using System.Buffers;
using System.Security.Cryptography;
using Octavo.Core;

namespace Octavo.Training.Checkpoints;

/// <summary>A checkpoint with all its files, each as long as its manifest says.</summary>
internal sealed class StoredCheckpoint
{
    private readonly ICheckpointFiles _files;

    private StoredCheckpoint(ICheckpointFiles files, string folder, CheckpointManifest manifest) =>
        (_files, Folder, Manifest) = (files, folder, manifest);

    public string Folder { get; }

    public CheckpointManifest Manifest { get; }

    /// <summary>Optimizer steps done.</summary>
    public long Step => Manifest.Step;

    public string Name => Path.GetFileName(Folder);

    /// <summary>Looks at a folder; reads no file but the manifest.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="step">The steps in its name; null for a folder of any name.</param>
    /// <param name="files">The disk.</param>
    /// <returns>The checkpoint, or what is wrong with it.</returns>
    public static (StoredCheckpoint? Checkpoint, string? Problem) Look(string folder, long? step, ICheckpointFiles files)
    {
        var (manifest, problem) = CheckpointManifest.Read(files, Path.Combine(folder, CheckpointManifest.FileName));
        if (manifest is null)
            return (null, problem);
        if (step is not null && manifest.Step != step)
            return (null, $"its manifest.json is of step {manifest.Step}");
        foreach (var file in manifest.Files)
        {
            var length = files.Length(Path.Combine(folder, file.Name));
            if (length is null)
                return (null, $"{file.Name} is missing");
            if (length != file.Size)
                return (null, $"{file.Name} has {length} bytes instead of {file.Size}");
        }
        return (new StoredCheckpoint(files, folder, manifest), null);
    }

    /// <summary>Reads every file and compares its hash.</summary>
    /// <returns>What is wrong, or null.</returns>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    public string? FindDamage(CancellationToken cancellationToken = default)
    {
        try
        {
            foreach (var file in Manifest.Files)
            {
                using var stream = _files.OpenRead(PathOf(file.Name));
                if (Hash(stream, cancellationToken) != file.Sha256)
                    return $"{file.Name} is not what was written: its hash differs";
            }
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read: {error.Message}";
        }
    }

    /// <summary>Where a file of it is.</summary>
    /// <exception cref="CheckpointException">It has no such file.</exception>
    public string PathOf(string name) => Manifest.Files.Any(file => file.Name == name)
        ? Path.Combine(Folder, name)
        : throw new CheckpointException($"{Folder}: the checkpoint has no {name}. "
            + $"It has {string.Join(", ", Manifest.Files.Select(file => file.Name))}.");

    /// <summary>Reads a small file of it.</summary>
    /// <exception cref="CheckpointException">It has no such file, or it cannot be read.</exception>
    public byte[] Read(string name)
    {
        var path = PathOf(name);
        try
        {
            using var stream = _files.OpenRead(path);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    private static string Hash(Stream stream, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            for (int count; (count = stream.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, count);
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
