using System.Buffers.Binary;
using System.Numerics;

namespace Octavo.Training.Runs.TensorBoard;

/// <summary>
/// The checksum of TensorFlow's record files: CRC-32C (Castagnoli), then turned and shifted, so that a checksum over data that holds
/// checksums is still a good one.
/// </summary>
internal static class MaskedCrc32C
{
    private const uint Shift = 0xA282EAD8;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var part in data)
            crc = BitOperations.Crc32C(crc, part);
        return BitOperations.RotateRight(~crc, 15) + Shift;
    }
}
