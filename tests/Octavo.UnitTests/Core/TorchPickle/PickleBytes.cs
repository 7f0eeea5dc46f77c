using System.Buffers.Binary;
using System.Text;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>Writes pickles opcode by opcode, right or wrong in any place.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> _bytes = [];

    /// <summary>A pickle that begins with PROTO.</summary>
    public static PickleBytes Begin(byte protocol = 2) => new PickleBytes().Raw(0x80, protocol);

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    /// <summary>The bytes with STOP.</summary>
    public byte[] End() => Raw((byte)'.').ToArray();

    public PickleBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBytes Op(char code) => Raw((byte)code);

    public PickleBytes U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public PickleBytes U64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public PickleBytes Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Op('X').U32((uint)bytes.Length).Raw(bytes);
    }

    public PickleBytes ShortText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Raw(0x8C, (byte)bytes.Length).Raw(bytes);
    }

    /// <summary>An integer in the shortest form that Python chooses.</summary>
    public PickleBytes Int(long value)
    {
        if (value is >= 0 and < 256)
            return Op('K').Raw((byte)value);
        if (value is >= 0 and < 65_536)
            return Op('M').Raw((byte)value, (byte)(value >> 8));
        if (value is >= int.MinValue and <= int.MaxValue)
            return Op('J').U32(unchecked((uint)value));
        var bytes = BitConverter.GetBytes(value).ToList();
        while (bytes.Count > 1 && ((bytes[^1] == 0 && bytes[^2] < 0x80) || (bytes[^1] == 0xFF && bytes[^2] >= 0x80)))
            bytes.RemoveAt(bytes.Count - 1);
        return Raw(0x8A, (byte)bytes.Count).Raw([.. bytes]);
    }

    public PickleBytes Float(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Op('G').Raw(bytes);
    }

    /// <summary>A tuple of whole numbers.</summary>
    public PickleBytes Ints(params ReadOnlySpan<long> values)
    {
        Op('(');
        foreach (var value in values)
            Int(value);
        return Op('t');
    }

    /// <summary>The persistent id of a storage.</summary>
    public PickleBytes Storage(string key, long count, string type = "FloatStorage", string module = "torch") =>
        Op('(').Text("storage").Global(module, type).Text(key).Text("cpu").Int(count).Op('t').Op('Q');

    /// <summary>A tensor on a storage of floats.</summary>
    public PickleBytes Tensor(string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(key, count).Int(offset).Ints(shape).Ints(strides).TensorEnd();

    /// <summary>What follows the strides: no gradient, no hooks, the call.</summary>
    public PickleBytes TensorEnd() => Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
}
