using System.Buffers.Binary;
using System.Text;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>Reads the fields of a protocol-buffers message, one after another.</summary>
/// <param name="bytes">The message.</param>
/// <param name="place">File and message, for errors.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes, string place)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Counted = 2;
    private const int Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _wire;

    /// <summary>Goes on to the next field; the value of the one before must have been taken or skipped.</summary>
    /// <param name="field">Its number.</param>
    /// <returns>False at the end of the message.</returns>
    public bool Next(out int field)
    {
        field = 0;
        if (_at == _bytes.Length)
            return false;
        var tag = TakeVarint();
        if (tag >> 3 is 0 or > int.MaxValue >> 3)
            throw Broken($"a field has the number {tag >> 3}");
        field = (int)(tag >> 3);
        _wire = (int)(tag & 7);
        return true;
    }

    /// <summary>Takes the field's value as bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(Counted);
        var length = TakeVarint();
        return Take(length <= int.MaxValue ? (int)length : throw Broken($"a field has {length} bytes"));
    }

    /// <summary>Takes the field's value as text.</summary>
    public string Text()
    {
        var bytes = Bytes();
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Broken("a text is no UTF-8");
    }

    /// <summary>Takes the field's value as a whole number.</summary>
    public int Int()
    {
        Expect(Varint);
        return unchecked((int)TakeVarint());
    }

    /// <summary>Takes the field's value as a switch.</summary>
    public bool Flag() => Int() != 0;

    /// <summary>Takes the field's value as a number.</summary>
    public float Single()
    {
        Expect(Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    /// <summary>Passes over the field's value.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case Varint:
                TakeVarint();
                break;
            case Fixed64:
                Take(sizeof(ulong));
                break;
            case Counted:
                Bytes();
                break;
            case Fixed32:
                Take(sizeof(uint));
                break;
            default:
                throw Broken($"a field has the wire type {_wire}");
        }
    }

    private readonly void Expect(int wire)
    {
        if (_wire != wire)
            throw Broken($"a field has the wire type {_wire}, where {wire} is expected");
    }

    private ulong TakeVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken("a number is longer than 64 bits");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw Broken($"{count} bytes are wanted, and {_bytes.Length - _at} are left");
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }

    private readonly InputFileException Broken(string what) =>
        new($"{place}, byte {_at}: {what}. The file is damaged or no SentencePiece model; download it again.");
}
