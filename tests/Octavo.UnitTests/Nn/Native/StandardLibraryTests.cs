using Octavo.Core;
using Octavo.Nn.Native;
using Shouldly;

namespace Octavo.UnitTests.Nn.Native;

public class StandardLibraryTests
{
    private static readonly VersionNeed[] _needs =
    [
        new("libc.so.6", "GLIBC_2.34", false, 0),
        new(StandardLibrary.Name, "GLIBCXX_3.4.30", false, 0),
        new(StandardLibrary.Name, Pinned.UnusedVersion, false, 0),
    ];

    [Theory]
    [InlineData("GLIBCXX_3.4.30 GLIBCXX_3.4.32", false)]
    [InlineData("GLIBCXX_3.4.30", true)]
    public void NeedsFix_DependsOnTheUnusedVersionAlone(string defined, bool expected) =>
        StandardLibrary.NeedsFix(_needs, defined.Split(' ')).ShouldBe(expected);

    [Fact]
    public void NeedsFix_WhereAUsedVersionIsMissing_IsRefusedByName()
    {
        var error = Should.Throw<UnsupportedException>(() => StandardLibrary.NeedsFix(_needs, ["GLIBCXX_3.4.9", "GLIBCXX_3.4.28"]));
        error.Message.ShouldContain("it has GLIBCXX_3.4.28 and lacks GLIBCXX_3.4.30.");
    }

    [Fact]
    public void Newest_IsByNumberNotByText() =>
        StandardLibrary.Newest(["libstdc++.so.6", "GLIBCXX_3.4", "GLIBCXX_3.4.9", "GLIBCXX_3.4.30", "CXXABI_1.3.15"]).ShouldBe("GLIBCXX_3.4.30");
}
