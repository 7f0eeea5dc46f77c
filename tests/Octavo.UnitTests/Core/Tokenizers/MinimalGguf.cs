using System.Text;
using Octavo.Core.Gguf;

namespace Octavo.UnitTests.Core.Tokenizers;

/// <summary>Reads the metadata of a sound GGUF file, no more.</summary>
internal static class MinimalGguf
{
    public static GgufMetadata Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        reader.ReadUInt32();
        reader.ReadUInt32();
        reader.ReadUInt64();
        var count = reader.ReadUInt64();
        Dictionary<string, object> values = [];
        for (var i = 0UL; i < count; i++)
            values.Add(ReadString(reader), ReadValue(reader, reader.ReadUInt32()));
        return new GgufMetadata(path, values);
    }

    private static string ReadString(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object ReadValue(BinaryReader reader, uint type) => type switch
    {
        0 => reader.ReadByte(),
        1 => reader.ReadSByte(),
        2 => reader.ReadUInt16(),
        3 => reader.ReadInt16(),
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadByte() != 0,
        8 => ReadString(reader),
        9 => ReadArray(reader, reader.ReadUInt32(), (int)reader.ReadUInt64()),
        10 => reader.ReadUInt64(),
        11 => reader.ReadInt64(),
        12 => reader.ReadDouble(),
        _ => throw new InvalidDataException($"type {type}"),
    };

    private static Array ReadArray(BinaryReader reader, uint type, int count) => type switch
    {
        0 => Fill<byte>(reader, type, count),
        1 => Fill<sbyte>(reader, type, count),
        4 => Fill<uint>(reader, type, count),
        5 => Fill<int>(reader, type, count),
        6 => Fill<float>(reader, type, count),
        8 => Fill<string>(reader, type, count),
        _ => throw new InvalidDataException($"array of type {type}"),
    };

    private static T[] Fill<T>(BinaryReader reader, uint type, int count)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = (T)ReadValue(reader, type);
        return values;
    }
}
