using System.Buffers.Binary;
using System.Text;

namespace Octavo.Training.Runs.TensorBoard;

/// <summary>
/// The few of TensorFlow's messages that scalars need, in protocol buffers' wire format:
/// <c>Event { 1: double wall_time, 2: int64 step, 3: string file_version, 5: Summary summary, 7: SessionLog session_log }</c>,
/// <c>Summary { 1: repeated Value { 1: string tag, 2: float simple_value } }</c>, <c>SessionLog { 1: enum status, START = 1 }</c>.
/// </summary>
internal static class EventMessage
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, SessionLog = 7;

    /// <summary>The first event of each file.</summary>
    public static byte[] Version(double wallTime) => Event(wallTime, 0, body => WriteBytes(body, FileVersion, "brain.Event:2"u8));

    /// <summary>Tells readers to forget events of this step and later ones that came before.</summary>
    public static byte[] Restart(double wallTime, long step) => Event(wallTime, step, body => WriteBytes(body, SessionLog, [(1 << 3) | Varint, 1]));

    /// <summary>Metrics after a step.</summary>
    public static byte[] Scalars(double wallTime, long step, IReadOnlyList<(string Tag, double Value)> values) => Event(wallTime, step, body =>
    {
        using var summary = new MemoryStream();
        Span<byte> bits = stackalloc byte[sizeof(float)];
        foreach (var (tag, value) in values)
        {
            using var entry = new MemoryStream();
            WriteBytes(entry, 1, Encoding.UTF8.GetBytes(tag));
            WriteKey(entry, 2, Fixed32);
            BinaryPrimitives.WriteSingleLittleEndian(bits, (float)value);
            entry.Write(bits);
            WriteBytes(summary, 1, entry.ToArray());
        }
        WriteBytes(body, Summary, summary.ToArray());
    });

    private static byte[] Event(double wallTime, long step, Action<MemoryStream> write)
    {
        using var body = new MemoryStream();
        WriteKey(body, WallTime, Fixed64);
        Span<byte> bits = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, wallTime);
        body.Write(bits);
        WriteKey(body, Step, Varint);
        WriteVarint(body, (ulong)step);
        write(body);
        return body.ToArray();
    }

    private static void WriteKey(MemoryStream stream, int field, int type) => WriteVarint(stream, (ulong)((field << 3) | type));

    private static void WriteBytes(MemoryStream stream, int field, ReadOnlySpan<byte> bytes)
    {
        WriteKey(stream, field, Bytes);
        WriteVarint(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void WriteVarint(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
