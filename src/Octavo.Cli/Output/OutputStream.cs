using System.Runtime.CompilerServices;
using Octavo.Core;

namespace Octavo.Cli.Output;

/// <summary>A stream of the process. Where it can take no more, results end with an error that says so; messages are dropped.</summary>
/// <param name="inner">The stream.</param>
/// <param name="name">What it is called, for the error; null drops what cannot be written.</param>
internal sealed class OutputStream(Stream inner, string? name) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (name is not null)
                throw Unwritable(name, error);
        }
    }

    // apart, so that a help text can be written without the assembly that the error is in
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ResourceException Unwritable(string name, Exception error) => new($"{name} cannot be written: {error.Message}", error);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
