using System.Buffers.Binary;
using System.Text;
using Shouldly;

namespace Octavo.UnitTests.Training.Runs;

/// <summary>An event as a file has it.</summary>
internal sealed record ReadEvent(double WallTime, long Step, string? FileVersion, IReadOnlyList<(string Tag, float Value)> Values, int? SessionStatus);

/// <summary>
/// Reads TensorBoard's files from the definitions of TensorFlow's record format and event.proto, with nothing of the writer's: a
/// checksum bit by bit, and protocol buffers field by field.
/// </summary>
internal static class EventReader
{
    public static List<ReadEvent> Read(byte[] file)
    {
        List<ReadEvent> events = [];
        for (var rest = file.AsSpan(); rest.Length > 0;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(rest);
            BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]).ShouldBe(Masked(rest[..8]));
            var message = rest.Slice(12, length);
            BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..]).ShouldBe(Masked(message));
            events.Add(Event(message.ToArray()));
            rest = rest[(16 + length)..];
        }
        return events;
    }

    /// <summary>CRC-32C with the reflected polynomial 0x82F63B78, one bit after the other.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var part in data)
        {
            crc ^= part;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return crc ^ 0xFFFFFFFF;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = Crc32C(data);
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static ReadEvent Event(byte[] message)
    {
        var (time, step, version, status) = (double.NaN, 0L, (string?)null, (int?)null);
        List<(string, float)> values = [];
        foreach (var (field, number, bytes) in Fields(message))
        {
            switch (field)
            {
                case 1: time = BitConverter.UInt64BitsToDouble(number); break;
                case 2: step = (long)number; break;
                case 3: version = Encoding.UTF8.GetString(bytes); break;
                case 5: values.AddRange(Fields(bytes).Select(value => Value(value.Bytes))); break;
                case 7: status = (int)Fields(bytes).Single().Number; break;
                default: throw new InvalidDataException($"field {field}");
            }
        }
        return new ReadEvent(time, step, version, values, status);
    }

    private static (string, float) Value(byte[] message)
    {
        var fields = Fields(message).ToDictionary(field => field.Field);
        fields.Keys.ShouldBe([1, 2]);
        return (Encoding.UTF8.GetString(fields[1].Bytes), BitConverter.UInt32BitsToSingle((uint)fields[2].Number));
    }

    private static List<(int Field, ulong Number, byte[] Bytes)> Fields(byte[] message)
    {
        List<(int, ulong, byte[])> fields = [];
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var (field, type) = ((int)(key >> 3), (int)(key & 7));
            var (number, bytes) = (0UL, Array.Empty<byte>());
            if (type == 0)
                number = Varint(message, ref at);
            else if (type == 1)
                (number, at) = (BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), at + 8);
            else if (type == 5)
                (number, at) = (BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), at + 4);
            else
                bytes = Take(message, (int)Varint(message, ref at), ref at);
            fields.Add((field, number, bytes));
        }
        return fields;
    }

    private static byte[] Take(byte[] message, int length, ref int at)
    {
        at += length;
        return message[(at - length)..at];
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
