using Octavo.Core;
using Octavo.Core.Store;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Store;

public sealed class IncompleteFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keep_ThroughALink_ReplacesWhatItLeadsTo()
    {
        Old("real");
        Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("real"));
        using (var made = new IncompleteFolder(_folder.File("link") + "/"))
        {
            made.Write(aside => File.WriteAllBytes(Path.Combine(aside, "new"), [2]));
            File.Exists(_folder.File("real/old")).ShouldBeTrue();
            made.Keep(overwrite: true);
        }
        Names(_folder.File("real")).ShouldBe(["new"]);
        new DirectoryInfo(_folder.File("link")).LinkTarget.ShouldBe(_folder.File("real"));
        Names(_folder.Path).ShouldBe(["link", "real"]);
    }

    [Fact]
    public void Dispose_BeforeItIsKept_LeavesWhatWasThere()
    {
        Old("a");
        using (var made = new IncompleteFolder(_folder.File("a")))
            made.Write(aside => File.WriteAllBytes(Path.Combine(aside, "new"), [2]));
        Names(_folder.Path).ShouldBe(["a"]);
        Names(_folder.File("a")).ShouldBe(["old"]);
    }

    [Fact]
    public void Keep_OverSomethingNotToBeReplaced_IsRefused()
    {
        Old("a");
        using (var made = new IncompleteFolder(_folder.File("a")))
            Should.Throw<ConfigException>(() => made.Keep(overwrite: false)).Message.ShouldContain("there is something already");
        Names(_folder.File("a")).ShouldBe(["old"]);
        Directory.CreateDirectory(_folder.File("empty"));
        using (var made = new IncompleteFolder(_folder.File("empty")))
        {
            made.Write(aside => File.WriteAllBytes(Path.Combine(aside, "new"), [2]));
            made.Keep(overwrite: false);
        }
        Names(_folder.File("empty")).ShouldBe(["new"]);
    }

    [Fact]
    public void Write_ThatFails_SaysWhere()
    {
        using var made = new IncompleteFolder(_folder.File("a"));
        Should.Throw<ResourceException>(() => made.Write(_ => throw new IOException("No space left on device."))).Message
            .ShouldBe($"{_folder.File("a")}: it could not be written whole: No space left on device. Nothing was kept; what was there is still there.");
    }

    [Fact]
    public void Begin_WhereAFileOrTheSystemIs_IsRefused()
    {
        _folder.Write("file", [1]);
        Should.Throw<ConfigException>(() => new IncompleteFolder(_folder.File("file"))).Message.ShouldContain("a file of that name");
        Should.Throw<ConfigException>(() => new IncompleteFolder("/proc/self/none")).Message.ShouldContain("/proc/self/none");
        Names(_folder.Path).ShouldBe(["file"]);
    }

    private void Old(string name)
    {
        Directory.CreateDirectory(_folder.File(name));
        _folder.Write(name + "/old", [1]);
    }

    private static string?[] Names(string folder) => [.. Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
