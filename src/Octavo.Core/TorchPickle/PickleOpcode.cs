namespace Octavo.Core.TorchPickle;

/// <summary>The opcodes that weights need; every other one is refused by its name.</summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    EmptyTuple = (byte)')',
    Stop = (byte)'.',
    BinFloat = (byte)'G',
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    None = (byte)'N',
    BinPersistentId = (byte)'Q',
    Reduce = (byte)'R',
    BinString = (byte)'T',
    ShortBinString = (byte)'U',
    BinUnicode = (byte)'X',
    EmptyList = (byte)']',
    Append = (byte)'a',
    Build = (byte)'b',
    Global = (byte)'c',
    Appends = (byte)'e',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    SetItem = (byte)'s',
    Tuple = (byte)'t',
    SetItems = (byte)'u',
    EmptyDict = (byte)'}',
    Protocol = 0x80,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8A,
    ShortBinUnicode = 0x8C,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
}

/// <summary>What Python's documentation calls the opcodes that are refused.</summary>
internal static class PickleOpcodeName
{
    /// <summary>The opcode's name and byte, for messages.</summary>
    public static string Of(byte code)
    {
        var name = code switch
        {
            (byte)'0' => "POP",
            (byte)'1' => "POP_MARK",
            (byte)'2' => "DUP",
            (byte)'F' => "FLOAT",
            (byte)'I' => "INT",
            (byte)'L' => "LONG",
            (byte)'P' => "PERSID",
            (byte)'S' => "STRING",
            (byte)'V' => "UNICODE",
            (byte)'B' => "BINBYTES",
            (byte)'C' => "SHORT_BINBYTES",
            (byte)'d' => "DICT",
            (byte)'g' => "GET",
            (byte)'i' => "INST",
            (byte)'l' => "LIST",
            (byte)'o' => "OBJ",
            (byte)'p' => "PUT",
            (byte)PickleOpcode.Protocol => "PROTO",
            0x81 => "NEWOBJ",
            0x82 => "EXT1",
            0x83 => "EXT2",
            0x84 => "EXT4",
            0x8B => "LONG4",
            0x8D => "BINUNICODE8",
            0x8E => "BINBYTES8",
            0x8F => "EMPTY_SET",
            0x90 => "ADDITEMS",
            0x91 => "FROZENSET",
            0x92 => "NEWOBJ_EX",
            0x96 => "BYTEARRAY8",
            0x97 => "NEXT_BUFFER",
            0x98 => "READONLY_BUFFER",
            _ => "no opcode of any protocol",
        };
        return $"{name} (0x{code:X2})";
    }
}
