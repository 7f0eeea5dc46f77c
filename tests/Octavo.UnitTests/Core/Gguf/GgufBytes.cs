using System.Text;
using Octavo.Core.Gguf;

namespace Octavo.UnitTests.Core.Gguf;

/// <summary>Builds GGUF files by hand, right or wrong in any place.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte[]> _keys = [];
    private readonly List<byte[]> _tensors = [];

    public byte[] Magic { get; init; } = "GGUF"u8.ToArray();
    public uint Version { get; init; } = 3;
    public ulong? TensorCount { get; init; }
    public ulong? KeyCount { get; init; }

    /// <summary>Where the data begin is a multiple of this.</summary>
    public int Alignment { get; init; } = 32;

    /// <summary>How many bytes of data follow the head.</summary>
    public int Data { get; init; }

    /// <summary>Whether the head is padded although no data follow.</summary>
    public bool Padded { get; init; }

    public GgufBytes Key(string key, GgufValueType type, params byte[] value) => Raw(Text(key), (uint)type, value);

    public GgufBytes Raw(byte[] key, uint type, params byte[] value)
    {
        _keys.Add([.. key, .. BitConverter.GetBytes(type), .. value]);
        return this;
    }

    /// <summary>A tensor; sizes are in the file's order, the fastest first.</summary>
    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] sizes) =>
        Tensor(Text(name), (uint)sizes.Length, sizes, type, offset);

    public GgufBytes Tensor(byte[] name, uint dimensions, ulong[] sizes, uint type, ulong offset)
    {
        _tensors.Add([.. name, .. BitConverter.GetBytes(dimensions), .. sizes.SelectMany(BitConverter.GetBytes),
            .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(offset)]);
        return this;
    }

    public byte[] Build()
    {
        byte[] head = [.. Magic, .. BitConverter.GetBytes(Version), .. BitConverter.GetBytes(TensorCount ?? (ulong)_tensors.Count),
            .. BitConverter.GetBytes(KeyCount ?? (ulong)_keys.Count), .. _keys.SelectMany(k => k), .. _tensors.SelectMany(t => t)];
        if (Data == 0 && !Padded)
            return head;
        var length = (head.Length + Alignment - 1) / Alignment * Alignment;
        return [.. head, .. new byte[length - head.Length], .. Enumerable.Range(0, Data).Select(i => (byte)i)];
    }

    public static byte[] Text(string text) => Counted(Encoding.UTF8.GetBytes(text));

    public static byte[] Counted(byte[] bytes, ulong? length = null) => [.. BitConverter.GetBytes(length ?? (ulong)bytes.Length), .. bytes];

    public static byte[] Array(GgufValueType type, ulong count, params byte[] elements) => Array((uint)type, count, elements);

    public static byte[] Array(uint type, ulong count, params byte[] elements) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(count), .. elements];
}
