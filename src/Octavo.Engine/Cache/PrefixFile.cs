using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Octavo.Core;
using Layout = Octavo.Engine.Cache.PrefixFileLayout;

namespace Octavo.Engine.Cache;

/// <summary>A file that was opened well turned out to be damaged, or cannot be read any more.</summary>
internal sealed class StoredPagesException(PrefixFile file, string message, Exception? inner = null) : InputFileException(message, inner)
{
    public PrefixFile File { get; } = file;
}

/// <summary>
/// A file of stored pages, opened for reading. The index is read and checked at once, a page when it is asked for: with reads, not
/// through a map, so that a file that shrinks is an error and not the end of the process.
/// </summary>
internal sealed unsafe class PrefixFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly byte[] _index;
    private readonly long _pageBytes;
    private readonly int _layers;

    private PrefixFile(string path, SafeFileHandle handle, byte[] index, int layers, long pageBytes)
    {
        Path = path;
        _handle = handle;
        _index = index;
        _layers = layers;
        _pageBytes = pageBytes;
        Count = index.Length / Layout.EntryBytes;
    }

    public string Path { get; }

    /// <summary>How many pages.</summary>
    public int Count { get; }

    /// <summary>Opens a file of a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The model's key.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="pageBytes">Bytes of its pages.</param>
    /// <exception cref="InputFileException">The file is damaged, is none of these, or belongs to another model.</exception>
    public static PrefixFile Open(string path, UInt128 key, int layers, long pageBytes)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var header = new byte[Layout.HeaderBytes];
            var length = RandomAccess.GetLength(handle);
            ReadExactly(handle, header, 0, path);
            var count = CheckHeader(header, path, length, key, layers, pageBytes);
            var index = new byte[count * Layout.EntryBytes];
            ReadExactly(handle, index, Layout.HeaderBytes, path);
            if (SumOf(header, index) != BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(Layout.ChecksumOffset)))
                throw Damaged(path, "the checksum of its index does not hold");
            CheckEntries(index, count, path);
            return new PrefixFile(path, handle, index, layers, pageBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            throw new InputFileException($"{path}: the stored pages cannot be read: {error.Message}", error);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>The entry under which an entry hangs; −1 for the root.</summary>
    public int Parent(int entry) => BinaryPrimitives.ReadInt32LittleEndian(_index.AsSpan(Layout.At(entry, Layout.ParentField)));

    public long LastUse(int entry) => BinaryPrimitives.ReadInt64LittleEndian(_index.AsSpan(Layout.At(entry, Layout.LastUseField)));

    public long Hits(int entry) => BinaryPrimitives.ReadInt64LittleEndian(_index.AsSpan(Layout.At(entry, Layout.HitsField)));

    public PageTokens Tokens(int entry)
    {
        var bytes = _index.AsSpan(Layout.At(entry, Layout.TokensField), PagePool.Positions * sizeof(int));
        return new PageTokens(
            MemoryMarshal.Cast<byte, int>(bytes).ToArray(),
            BinaryPrimitives.ReadUInt64LittleEndian(_index.AsSpan(Layout.At(entry, Layout.ContentField))));
    }

    /// <summary>Reads an entry's data into pages, one per layer.</summary>
    /// <exception cref="StoredPagesException">The data is damaged or cannot be read.</exception>
    public void Read(int entry, ReadOnlySpan<int> pages, PagePool pool)
    {
        for (var layer = 0; layer < _layers; layer++)
            Read(entry, layer, new Span<byte>(pool.Data(pages[layer]), (int)_pageBytes));
        var sum = new Checksum(0);
        foreach (var page in pages)
            sum.Add(new ReadOnlySpan<byte>(pool.Data(page), (int)_pageBytes));
        Check(entry, sum.Value);
    }

    /// <summary>Reads one layer of an entry's data; the caller checks the sum of all.</summary>
    public void Read(int entry, int layer, Span<byte> data)
    {
        try
        {
            ReadExactly(_handle, data, Layout.DataOffset(Count) + ((((long)entry * _layers) + layer) * _pageBytes), Path);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            throw new StoredPagesException(this, $"{Path}: the stored pages cannot be read: {error.Message}", error);
        }
        catch (InputFileException error)
        {
            throw new StoredPagesException(this, error.Message, error);
        }
    }

    /// <exception cref="StoredPagesException">The data is not what was written.</exception>
    public void Check(int entry, ulong sum)
    {
        if (sum != BinaryPrimitives.ReadUInt64LittleEndian(_index.AsSpan(Layout.At(entry, Layout.ChecksumField))))
            throw new StoredPagesException(this, Damaged(Path, $"the checksum of page {entry} does not hold").Message);
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>The checksum of a header (without its own field) and an index.</summary>
    public static ulong SumOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> index)
    {
        var sum = new Checksum(0);
        sum.Add(header[..Layout.ChecksumOffset]);
        sum.Add(index);
        return sum.Value;
    }

    private static int CheckHeader(ReadOnlySpan<byte> header, string path, long length, UInt128 key, int layers, long pageBytes)
    {
        if (!header[..8].SequenceEqual(Layout.Magic))
            throw new InputFileException($"{path}: this is no file of stored pages; it is not used.");
        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version != Layout.Version)
            throw new InputFileException($"{path}: version {version} of stored pages is not read here, only {Layout.Version}; it is not used. Delete it.");
        if (BinaryPrimitives.ReadUInt128LittleEndian(header[16..]) != key)
        {
            throw new InputFileException(
                $"{path}: the stored pages belong to another model, build or setting (--exact, --activations, --kv, --isa); they are not used, and the prompt is computed.");
        }
        var count = BinaryPrimitives.ReadInt32LittleEndian(header[40..]);
        var fits = count >= 0
            && BinaryPrimitives.ReadInt32LittleEndian(header[12..]) == layers
            && BinaryPrimitives.ReadInt64LittleEndian(header[32..]) == pageBytes
            && BinaryPrimitives.ReadInt32LittleEndian(header[44..]) == PagePool.Positions
            && BinaryPrimitives.ReadInt64LittleEndian(header[48..]) == length
            && length == Layout.DataOffset(count) + ((Int128)count * layers * pageBytes);
        if (!fits || (long)count * Layout.EntryBytes > Array.MaxLength)
            throw Damaged(path, "its header and its length do not agree");
        return count;
    }

    private static void CheckEntries(byte[] index, int count, string path)
    {
        for (var entry = 0; entry < count; entry++)
        {
            var parent = BinaryPrimitives.ReadInt32LittleEndian(index.AsSpan(Layout.At(entry, Layout.ParentField)));
            var use = BinaryPrimitives.ReadInt64LittleEndian(index.AsSpan(Layout.At(entry, Layout.LastUseField)));
            if (parent < -1 || parent >= entry || use is < 0 or > long.MaxValue / 2)
                throw Damaged(path, $"page {entry} has no place in the tree");
        }
    }

    private static InputFileException Damaged(string path, string how) =>
        new($"{path}: the stored pages are damaged: {how}. They are not used: the prompt is computed and the file written anew.");

    private static void ReadExactly(SafeFileHandle handle, Span<byte> bytes, long offset, string path)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var step = RandomAccess.Read(handle, bytes[done..], offset + done);
            if (step == 0)
                throw Damaged(path, "it ends too early");
            done += step;
        }
    }
}
