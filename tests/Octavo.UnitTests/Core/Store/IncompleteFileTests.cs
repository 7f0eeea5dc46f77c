using Octavo.Core;
using Octavo.Core.Store;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Store;

public class IncompleteFileTests
{
    [Fact]
    public void Keep_ThroughALink_ReplacesWhatItLeadsTo()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real", [1]);
        File.CreateSymbolicLink(folder.File("link"), folder.File("real"));
        using (var file = new IncompleteFile(folder.File("link")))
        {
            file.Write(stream => stream.Write([2, 3]));
            File.ReadAllBytes(folder.File("real")).ShouldBe([1]);
            file.Keep(overwrite: true);
        }
        File.ReadAllBytes(folder.File("real")).ShouldBe([2, 3]);
        new FileInfo(folder.File("link")).LinkTarget.ShouldBe(folder.File("real"));
        Directory.EnumerateFiles(folder.Path).Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/none")]
    [InlineData("/sys/none")]
    public void Begin_WhereTheSystemIs_IsRefused(string path)
    {
        Should.Throw<ConfigException>(() => new IncompleteFile(path)).Message.ShouldContain(path);
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link"), path);
        Should.Throw<ConfigException>(() => new IncompleteFile(folder.File("link")));
    }

    [Fact]
    public void Dispose_BeforeItIsKept_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using (var file = new IncompleteFile(folder.File("a")))
            file.Write(stream => stream.Write([1]));
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }
}
