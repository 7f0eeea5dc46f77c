using System.Buffers.Binary;
using System.Globalization;
using Octavo.Core;

namespace Octavo.Training.Runs.TensorBoard;

/// <summary>
/// Writes a file that TensorBoard reads. A record is its length (8 bytes), the length's checksum, an event, the event's checksum. A
/// process that dies leaves at most one record cut short at the end, which readers take for a file that still grows.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Begins a file of its own beside those that are there.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="number">Tells it from others of the same process and second.</param>
    /// <param name="time">When.</param>
    /// <param name="resumedStep">The step that the run goes on from; null for a new run.</param>
    /// <exception cref="ResourceException">The file cannot be made.</exception>
    public EventFile(string folder, long number, DateTimeOffset time, long? resumedStep)
    {
        // readers take files in the order of their names, so the time comes first
        var name = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{time.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}");
        Path = System.IO.Path.Combine(folder, name);
        try
        {
            _stream = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 16_384);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ResourceException($"{Path}: cannot be begun: {error.Message}", error);
        }
        Append(EventMessage.Version(Sql.OfTime(time)));
        if (resumedStep is { } step)
            Append(EventMessage.Restart(Sql.OfTime(time), step + 1));
        _stream.Flush();
    }

    public string Path { get; }

    public void Write(DateTimeOffset time, long step, IReadOnlyList<(string Tag, double Value)> values) =>
        Append(EventMessage.Scalars(Sql.OfTime(time), step, values));

    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    private void Append(ReadOnlySpan<byte> message)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[sizeof(ulong)..], MaskedCrc32C.Of(head[..sizeof(ulong)]));
        _stream.Write(head);
        _stream.Write(message);
        Span<byte> check = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(check, MaskedCrc32C.Of(message));
        _stream.Write(check);
    }
}
