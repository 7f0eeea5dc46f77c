namespace Octavo.Training.Checkpoints;

/// <summary>What a store of checkpoints asks of a disk: the smallest steps, so that a test can stop between any two.</summary>
internal interface ICheckpointFiles
{
    bool FolderExists(string path);

    /// <summary>Names of what lies in a folder, files and folders.</summary>
    IReadOnlyList<string> NamesIn(string folder);

    /// <summary>Length of a file in bytes, or null where there is none.</summary>
    long? Length(string path);

    /// <summary>Makes a folder and those above it.</summary>
    void MakeFolder(string path);

    /// <summary>Makes a file to write once, from its beginning.</summary>
    Stream Create(string path);

    /// <summary>Brings what was written to the disk.</summary>
    /// <param name="stream">One that <see cref="Create"/> gave.</param>
    void Sync(Stream stream);

    /// <summary>Brings a folder's names to the disk.</summary>
    void SyncFolder(string path);

    Stream OpenRead(string path);

    /// <summary>Gives a folder another name, in one step. There must be nothing of that name.</summary>
    void MoveFolder(string from, string to);

    void DeleteFile(string path);

    void DeleteEmptyFolder(string path);

    /// <summary>Bytes that may still be written to the disk of a folder.</summary>
    long FreeBytes(string folder);

    /// <summary>Keeps other writers out until disposed. What a dead writer held is free.</summary>
    /// <param name="path">The file of the lock; it stays.</param>
    /// <param name="owner">Who holds it, for others to read.</param>
    /// <param name="previous">What a writer that did not end well has left in it, or null.</param>
    /// <exception cref="LockHeldException">Another writer holds it.</exception>
    IDisposable Lock(string path, string owner, out string? previous);
}

/// <summary>Another writer holds a lock. The store turns it into an error with advice.</summary>
/// <param name="owner">What it has written into it, or null where that cannot be read.</param>
internal sealed class LockHeldException(string? owner) : Exception("the lock is held")
{
    public string? Owner { get; } = owner;
}
