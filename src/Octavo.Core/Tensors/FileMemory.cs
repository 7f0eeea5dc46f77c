using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Octavo.Core.Tensors;

/// <summary>
/// The bytes of one file at a fixed address, mapped or read in. Only <see cref="Dispose"/> frees them: there is no finalizer, because
/// raw pointers are lent out that the garbage collector does not see.
/// </summary>
internal sealed unsafe partial class FileMemory : IDisposable
{
    private const int Alignment = 64;
    private const int ReadStep = 64 << 20;
    // MADV_DONTNEED
    private const int DoNotNeed = 4;

    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _data;

    // The mapping outlives the handle, so that a checkpoint of many shards holds no file descriptors.
    private FileMemory(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        Length = length;
        if (length == 0)
            return;
        _map = MemoryMappedFile.CreateFromFile(
            handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _data);
        _data += _view.PointerOffset;
    }

    private FileMemory(string path, byte* data, long length)
    {
        Path = path;
        Length = length;
        _data = data;
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>How many bytes the file had when it was opened.</summary>
    public long Length { get; }

    /// <summary>Whether the bytes are gone.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>The first byte; null where the file is empty.</summary>
    public byte* Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _data;
        }
    }

    /// <summary>Maps a file, or reads it into native memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="memoryMap">False reads.</param>
    /// <exception cref="CheckpointException">The file is missing, is no plain file or cannot be read.</exception>
    /// <exception cref="ResourceException">The memory does not suffice.</exception>
    public static FileMemory Open(string path, bool memoryMap)
    {
        if (!BitConverter.IsLittleEndian)
            throw new UnsupportedException("Checkpoints are little-endian and are used in place; this machine is big-endian.");
        if (Directory.Exists(path))
            throw new CheckpointException($"{path}: this is a folder; a file is expected here.");
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            return memoryMap ? new FileMemory(path, handle, length) : new FileMemory(path, ReadIn(path, handle, length), length);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: there is no such file. Check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CheckpointException($"{path}: the file cannot be opened: {error.Message}", error);
        }
    }

    /// <summary>Memory for what is put together from a file: not mapped, to be filled by the caller.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="ResourceException">The memory does not suffice.</exception>
    public static FileMemory Allocate(string path, long length) => new(path, length == 0 ? null : Take(path, length), length);

    /// <summary>The bytes from <paramref name="offset"/> on; the caller has checked that they are there.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length) => new(Data + offset, length);

    /// <summary>Drops the pages that lie wholly in a range of the mapping.</summary>
    public void GiveBack(byte* data, long length)
    {
        if (_view is null || !OperatingSystem.IsLinux())
            return;
        var page = (nuint)Environment.SystemPageSize;
        var from = ((nuint)data + page - 1) / page * page;
        var to = ((nuint)data + (nuint)length) / page * page;
        // An advice: where the system does not take it, nothing is lost.
        if (from < to)
            _ = Advise((void*)from, to - from, DoNotNeed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsDisposed)
            return;
        IsDisposed = true;
        if (_view is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map!.Dispose();
        }
        else
        {
            NativeMemory.AlignedFree(_data);
        }
        _data = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    private static byte* ReadIn(string path, SafeFileHandle handle, long length)
    {
        if (length == 0)
            return null;
        var data = Take(path, length);
        try
        {
            for (long done = 0; done < length;)
            {
                var step = RandomAccess.Read(handle, new Span<byte>(data + done, (int)Math.Min(ReadStep, length - done)), done);
                if (step == 0)
                    throw new CheckpointException($"{path}: the file ended at byte {done} while it was read; it had {length} bytes.");
                done += step;
            }
        }
        catch
        {
            NativeMemory.AlignedFree(data);
            throw;
        }
        return data;
    }

    private static byte* Take(string path, long length)
    {
        try
        {
            return (byte*)NativeMemory.AlignedAlloc((nuint)length, Alignment);
        }
        catch (OutOfMemoryException error)
        {
            throw new ResourceException($"{path}: {length} bytes of memory are needed to read the file; map it instead.", error);
        }
    }
}
