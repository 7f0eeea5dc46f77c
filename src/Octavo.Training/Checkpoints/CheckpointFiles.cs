using System.Runtime.InteropServices;
using System.Text;

namespace Octavo.Training.Checkpoints;

/// <summary>The machine's own disk.</summary>
internal sealed partial class CheckpointFiles : ICheckpointFiles
{
    private const int ReadOnly = 0;
    private const int MaxOwnerBytes = 4096;

    public static CheckpointFiles Instance { get; } = new();

    public bool FolderExists(string path) => Directory.Exists(path);

    public IReadOnlyList<string> NamesIn(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))];

    public long? Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    public void MakeFolder(string path) => Directory.CreateDirectory(path);

    public Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Sync(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    public void SyncFolder(string path)
    {
        // Windows has no such call: names are in its journal
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Error(path);
        try
        {
            if (FSync(descriptor) != 0)
                throw Error(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public Stream OpenRead(string path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    public void MoveFolder(string from, string to) => Directory.Move(from, to);

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteEmptyFolder(string path) => Directory.Delete(path);

    public long FreeBytes(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    public IDisposable Lock(string path, string owner, out string? previous)
    {
        FileStream stream;
        try
        {
            // the system's own lock on the file: it ends with the process, however that ends
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new LockHeldException(ReadDespiteLock(path));
        }
        var bytes = new byte[Math.Min(stream.Length, MaxOwnerBytes)];
        stream.ReadExactly(bytes);
        previous = bytes.Length == 0 ? null : Encoding.UTF8.GetString(bytes);
        stream.SetLength(0);
        stream.Write(Encoding.UTF8.GetBytes(owner));
        return new HeldLock(stream);
    }

    // .NET's streams ask for a lock even to read
    private static string? ReadDespiteLock(string path)
    {
        if (OperatingSystem.IsWindows() || Open(path, ReadOnly) is not (>= 0 and var descriptor))
            return null;
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = new byte[MaxOwnerBytes];
        return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(handle, bytes, 0));
    }

    private static IOException Error(string path) =>
        new($"{path}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    private sealed class HeldLock(FileStream stream) : IDisposable
    {
        public void Dispose()
        {
            // an empty file says that its writer ended well
            if (stream.SafeFileHandle is { IsClosed: false })
                stream.SetLength(0);
            stream.Dispose();
        }
    }
}
