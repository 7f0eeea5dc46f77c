namespace Octavo.Training.Checkpoints;

/// <summary>
/// Writes one checkpoint, in the order that makes it whole or not there: files, manifest, the folder's names, the renaming, its names.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="folder">The checkpoint's folder.</param>
internal sealed class CheckpointWriter(ICheckpointFiles files, string folder)
{
    private readonly string _aside = CheckpointStore.AsideOf(folder);
    private readonly string _replaced = CheckpointStore.ReplacedOf(folder);

    public string Folder => folder;

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Whether it has its name; a failure after that is one of telling the disk.</summary>
    public bool IsNamed { get; private set; }

    /// <summary>Deletes a folder of files.</summary>
    public static void Delete(ICheckpointFiles files, string folder)
    {
        foreach (var name in files.NamesIn(folder))
        {
            var path = Path.Combine(folder, name);
            if (files.FolderExists(path))
                Delete(files, path);
            else
                files.DeleteFile(path);
        }
        files.DeleteEmptyFolder(folder);
    }

    /// <summary>Writes it; if that fails, nothing of it is left.</summary>
    /// <returns>The folder of a checkpoint of the same step that was there, to be deleted, or null.</returns>
    public string? Write(long step, IReadOnlyList<CheckpointPart> parts, bool isBest)
    {
        try
        {
            if (files.FolderExists(_aside))
                Delete(files, _aside);
            files.MakeFolder(_aside);
            var manifest = new CheckpointManifest(CheckpointManifest.CurrentFormat, step, isBest, [.. parts.Select(WritePart)]);
            _ = WritePart(CheckpointPart.Of(CheckpointManifest.FileName, manifest.ToJson()));
            files.SyncFolder(_aside);
            if (files.FolderExists(folder))
                files.MoveFolder(folder, _replaced);
            files.MoveFolder(_aside, folder);
            IsNamed = true;
            files.SyncFolder(Path.GetDirectoryName(folder)!);
        }
        finally
        {
            if (!IsNamed)
                Undo();
        }
        return files.FolderExists(_replaced) ? _replaced : null;
    }

    private ManifestFile WritePart(CheckpointPart part)
    {
        using var file = files.Create(Path.Combine(_aside, part.Name));
        using var hashing = new HashingStream(file, count => Written += count);
        part.Write(hashing);
        var hash = hashing.Finish();
        files.Sync(file);
        return new ManifestFile(part.Name, hashing.Length, hash);
    }

    private void Undo()
    {
        try
        {
            if (files.FolderExists(_replaced) && !files.FolderExists(folder))
                files.MoveFolder(_replaced, folder);
            if (files.FolderExists(_aside))
                Delete(files, _aside);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that brought us here is on its way; the next run clears what is left.
        }
    }
}
