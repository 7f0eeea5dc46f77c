using System.Buffers.Binary;
using System.Text;

namespace Octavo.UnitTests.Nn.Native;

/// <summary>The smallest ELF file with a table of needed versions of one library.</summary>
internal static class ElfFile
{
    private const int Header = 64;
    private const int SectionHeader = 64;

    /// <param name="library">The library that is needed.</param>
    /// <param name="needs">The versions, each with its flags.</param>
    public static byte[] Needing(string library, params (string Version, ushort Flags)[] needs)
    {
        var strings = new List<byte> { 0 };
        int Add(string text)
        {
            var at = strings.Count;
            strings.AddRange(Encoding.ASCII.GetBytes(text + '\0'));
            return at;
        }
        var table = new byte[16 + 16 * needs.Length];
        Half(table, 0, 1);
        Half(table, 2, (ushort)needs.Length);
        Word(table, 4, Add(library));
        Word(table, 8, 16);
        for (var i = 0; i < needs.Length; i++)
        {
            var at = 16 + 16 * i;
            Half(table, at + 4, needs[i].Flags);
            Word(table, at + 8, Add(needs[i].Version));
            Word(table, at + 12, i == needs.Length - 1 ? 0 : 16);
        }
        int tableAt = Header, stringsAt = tableAt + table.Length, headersAt = stringsAt + strings.Count;
        var file = new byte[headersAt + 2 * SectionHeader];
        "\u007fELF\u0002\u0001"u8.CopyTo(file);
        Word(file, 0x28, headersAt);
        Half(file, 0x3c, 2);
        table.CopyTo(file, tableAt);
        strings.CopyTo(file, stringsAt);
        Word(file, headersAt + 4, 0x6ffffffe);
        Word(file, headersAt + 24, tableAt);
        Word(file, headersAt + 40, 1);
        Word(file, headersAt + SectionHeader + 4, 3);
        Word(file, headersAt + SectionHeader + 24, stringsAt);
        return file;
    }

    private static void Half(byte[] bytes, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);

    private static void Word(byte[] bytes, int at, long value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)value);
}
