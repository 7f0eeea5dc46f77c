using System.Buffers.Binary;
using System.Text;
using Octavo.Core;

namespace Octavo.Nn.Native;

/// <summary>The symbol versions of a 64-bit little-endian ELF file: those it needs and those it defines.</summary>
/// <remarks>Layout: System V ABI, and the symbol versioning chapter of the Linux Standard Base.</remarks>
internal static class ElfVersions
{
    private const uint VersionDefinitions = 0x6ffffffd;
    private const uint VersionNeeds = 0x6ffffffe;
    private const int SectionHeaderLength = 64;
    private const ushort Weak = 2;

    /// <summary>The versions of other libraries that the file needs, in the file's order.</summary>
    /// <exception cref="InputFileException">The bytes are no such ELF file.</exception>
    public static IReadOnlyList<VersionNeed> Needs(ReadOnlySpan<byte> file, string name) =>
        Guarded(file, name, static (file, section, strings) =>
        {
            var needs = new List<VersionNeed>();
            for (var at = section; ;)
            {
                var library = Text(file, strings + Word(file, at + 4));
                int count = Half(file, at + 2), entry = at + Word(file, at + 8);
                for (var i = 0; i < count; i++, entry += Word(file, entry + 12))
                    needs.Add(new VersionNeed(library, Text(file, strings + Word(file, entry + 8)), (Half(file, entry + 4) & Weak) != 0, entry + 4));
                if (Word(file, at + 12) == 0)
                    return needs;
                at += Word(file, at + 12);
            }
        }, VersionNeeds);

    /// <summary>The versions that the file defines, its own name first.</summary>
    /// <exception cref="InputFileException">The bytes are no such ELF file.</exception>
    public static IReadOnlyList<string> Definitions(ReadOnlySpan<byte> file, string name) =>
        Guarded(file, name, static (file, section, strings) =>
        {
            var definitions = new List<string>();
            for (var at = section; ;)
            {
                definitions.Add(Text(file, strings + Word(file, at + Word(file, at + 12))));
                if (Word(file, at + 16) == 0)
                    return definitions;
                at += Word(file, at + 16);
            }
        }, VersionDefinitions);

    /// <summary>Makes the need of <paramref name="version"/> weak, in place: the file then loads where that version is missing.</summary>
    /// <exception cref="InputFileException">The bytes are no such ELF file, it does not need the version, or the need is weak already.</exception>
    public static void MakeWeak(Span<byte> file, string version, string name)
    {
        var need = Needs(file, name).FirstOrDefault(need => need.Version == version)
            ?? throw new InputFileException($"{name} does not need {version}: it is not the file that this fix was made for.");
        if (need.IsWeak)
            throw new InputFileException($"{name} needs {version} only weakly already: it is not the file that this fix was made for.");
        var flags = file.Slice(need.FlagsAt, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
    }

    private delegate List<T> Reader<T>(ReadOnlySpan<byte> file, int section, int strings);

    private static List<T> Guarded<T>(ReadOnlySpan<byte> file, string name, Reader<T> read, uint type)
    {
        if (file.Length < 64 || !file.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new InputFileException($"{name} is not a 64-bit little-endian ELF file.");
        try
        {
            return Find(file, type) is (var section, var strings) ? read(file, section, strings) : [];
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InputFileException($"{name} is a damaged ELF file: its version tables point outside it.", error);
        }
    }

    private static (int Section, int Strings)? Find(ReadOnlySpan<byte> file, uint type)
    {
        int headers = Address(file, 0x28), count = Half(file, 0x3c);
        for (var i = 0; i < count; i++)
        {
            var header = headers + i * SectionHeaderLength;
            if (BinaryPrimitives.ReadUInt32LittleEndian(file[(header + 4)..]) == type)
                return (Address(file, header + 24), Address(file, headers + Word(file, header + 40) * SectionHeaderLength + 24));
        }
        return null;
    }

    private static ushort Half(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    private static int Word(ReadOnlySpan<byte> file, int at) => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(file[at..]));

    private static int Address(ReadOnlySpan<byte> file, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file[at..]));

    private static string Text(ReadOnlySpan<byte> file, int at)
    {
        var rest = file[at..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
