using Octavo.Core;
using Octavo.Nn.Native;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Nn.Native;

public class OwnBuildTests
{
    [Fact]
    public void At_AFolderThatIsNotThere_IsRefused() =>
        Should.Throw<ConfigException>(() => OwnBuild.At("/nowhere/libtorch")).Message.ShouldContain("/nowhere/libtorch, which is no folder");

    [Fact]
    public void At_AFolderWithoutTheLibraries_NamesTheMissingOnes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("libc10.so", []);
        Should.Throw<ConfigException>(() => OwnBuild.At(folder.Path)).Message.ShouldContain(": libtorch_cpu.so, libtorch.so not found");
    }

    [Theory]
    [InlineData("build-version", "2.10.0+cu128\n", "2.10.0+cu128")]
    [InlineData("version.py", "from typing import Optional\n__version__ = '2.10.0+cpu'\ndebug = False\n", "2.10.0+cpu")]
    [InlineData("other", "", null)]
    public void At_AFolderOfTheRightVersion_IsTakenWithItsLibraries(string file, string text, string? version)
    {
        using var folder = Libtorch(file, text);
        OwnBuild.At(folder.Path).ShouldBe(new OwnBuild(folder.File("lib"), version));
        OwnBuild.At(folder.File("lib")).ShouldBe(new OwnBuild(folder.File("lib"), version));
    }

    [Theory]
    [InlineData("build-version", "2.9.1+cu128")]
    [InlineData("version.py", "__version__ = \"2.1.0\"")]
    public void At_AFolderOfAnotherVersion_IsRefusedWithBoth(string file, string text)
    {
        using var folder = Libtorch(file, text);
        var error = Should.Throw<ConfigException>(() => OwnBuild.At(folder.Path));
        error.Message.ShouldContain("which is libtorch 2.");
        error.Message.ShouldContain("fits 2.10.0 only");
    }

    private static TemporaryFolder Libtorch(string file, string text)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("lib"));
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
            folder.Write(Path.Combine("lib", name), []);
        File.WriteAllText(folder.File(file), text);
        return folder;
    }
}
