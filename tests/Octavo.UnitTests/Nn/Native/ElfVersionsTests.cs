using Octavo.Core;
using Octavo.Nn.Native;
using Shouldly;

namespace Octavo.UnitTests.Nn.Native;

public class ElfVersionsTests
{
    private const string Library = "libstdc++.so.6";

    [Fact]
    public void Needs_OfAFile_AreRead() =>
        ElfVersions.Needs(ElfFile.Needing(Library, ("A_1", 0), ("B_2.3", 2)), "x.so").Select(need => (need.Library, need.Version, need.IsWeak))
            .ShouldBe([(Library, "A_1", false), (Library, "B_2.3", true)]);

    [Fact]
    public void MakeWeak_OfOneVersion_ChangesOneBitOfTheFile()
    {
        var file = ElfFile.Needing(Library, ("A_1", 0), ("B_2.3", 0), ("C_4", 0));
        var before = file.ToArray();
        ElfVersions.MakeWeak(file, "B_2.3", "x.so");
        ElfVersions.Needs(file, "x.so").Select(need => need.IsWeak).ShouldBe([false, true, false]);
        file.Zip(before, (now, then) => int.PopCount(now ^ then)).Sum().ShouldBe(1);
    }

    [Theory]
    [InlineData("Z_9", "does not need Z_9")]
    [InlineData("B_2.3", "only weakly already")]
    public void MakeWeak_OfAMissingOrWeakNeed_IsRefusedAndChangesNothing(string version, string reason)
    {
        var file = ElfFile.Needing(Library, ("A_1", 0), ("B_2.3", 2));
        var before = file.ToArray();
        Should.Throw<InputFileException>(() => ElfVersions.MakeWeak(file, version, "x.so")).Message.ShouldContain(reason);
        file.ShouldBe(before);
    }

    [Fact]
    public void Needs_OfWhatIsNoElf_IsRefused()
    {
        foreach (var bytes in (byte[][])[[], [1, 2, 3], new byte[1000], [.. "\u007fELF\u0001\u0001"u8, .. new byte[100]]])
            Should.Throw<InputFileException>(() => ElfVersions.Needs(bytes, "x.so")).Message.ShouldStartWith("x.so is not a 64-bit");
    }

    [Fact]
    public void Needs_OfAFileCutAnywhere_AreRefused()
    {
        var file = ElfFile.Needing(Library, ("A_1", 0), ("B_2.3", 0));
        // The last header is read as far as the place of its strings.
        for (var length = 0; length < file.Length - 32; length++)
            Should.Throw<InputFileException>(() => ElfVersions.Needs(file.AsSpan(0, length), "x.so"), $"cut to {length} bytes");
    }

    [Fact]
    public void Needs_OfTablesThatPointBack_End()
    {
        // The next entry's distance is unsigned: a table can only lead on, and so out of the file.
        var file = ElfFile.Needing(Library, ("A_1", 0));
        file.AsSpan(64 + 12, 4).Fill(0xff);
        Should.Throw<InputFileException>(() => ElfVersions.Needs(file, "x.so"));
    }

    [Fact]
    public void Definitions_OfTheSystemsLibrary_HoldItsOldestAndSomeNewerVersion()
    {
        var versions = StandardLibrary.Versions(StandardLibrary.Find());
        versions.ShouldContain("GLIBCXX_3.4");
        StandardLibrary.Newest(versions).ShouldStartWith("GLIBCXX_3.4.");
    }
}
