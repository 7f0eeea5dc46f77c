using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Octavo.Training.Checkpoints;

/// <summary>Passes on what is written, in large blocks, and hashes and counts it.</summary>
internal sealed class HashingStream(Stream inner, Action<long> count) : Stream
{
    private const int BlockBytes = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[]? _block = ArrayPool<byte>.Shared.Rent(BlockBytes);
    private int _filled;
    private long _passed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _passed + _filled;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    /// <summary>Writes what is left and gives the hash of everything.</summary>
    public string Finish()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length >= BlockBytes - _filled)
            Flush();
        if (buffer.Length >= BlockBytes)
        {
            Pass(buffer);
            return;
        }
        buffer.CopyTo(_block.AsSpan(_filled));
        _filled += buffer.Length;
    }

    public override void Flush()
    {
        if (_filled > 0)
            Pass(_block.AsSpan(0, _filled));
        _filled = 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _block is not null)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = null;
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        try
        {
            inner.Write(bytes);
        }
        catch (ArgumentOutOfRangeException error)
        {
            // .NET's word for a file that may not grow further, as on a FAT file system
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"no file may grow to {_passed + bytes.Length:N0} bytes here; the file system or a limit of the process (ulimit -f) forbids it."), error);
        }
        _hash.AppendData(bytes);
        _passed += bytes.Length;
        count(bytes.Length);
    }
}
