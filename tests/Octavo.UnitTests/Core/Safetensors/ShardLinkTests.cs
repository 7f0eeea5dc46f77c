using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.TestKit;
using Shouldly;
using static Octavo.UnitTests.Core.Safetensors.ShardNameTests;

namespace Octavo.UnitTests.Core.Safetensors;

public class ShardLinkTests
{
    private const string Snapshot = "repo/snapshots/rev";
    private const string Shard = "x.safetensors";

    [Theory]
    [InlineData("../../blobs/digest", "repo/blobs/digest", true)]
    [InlineData("y.safetensors", Snapshot + "/y.safetensors", true)]
    [InlineData("sub/y.safetensors", Snapshot + "/sub/y.safetensors", true)]
    [InlineData("../../blobs/../blobs/digest", "repo/blobs/digest", true)]
    [InlineData("../other/y.safetensors", "repo/snapshots/other/y.safetensors", false)]
    [InlineData("../rev-evil/y.safetensors", "repo/snapshots/rev-evil/y.safetensors", false)]
    [InlineData("../../blobs-evil/digest", "repo/blobs-evil/digest", false)]
    [InlineData("../../secret", "repo/secret", false)]
    [InlineData("../../../other/blobs/digest", "other/blobs/digest", false)]
    [InlineData("../../blobs/../../secret", "secret", false)]
    public void Open_ShardIsALink_LoadsOnlyInsideTheSnapshot(string target, string file, bool loads)
    {
        using var folder = Prepared();
        Directory.CreateDirectory(folder.File("repo/blobs"));
        WriteShard(folder, file, "t");
        File.CreateSymbolicLink(folder.File($"{Snapshot}/{Shard}"), target);
        Check(folder, loads);
    }

    [Fact]
    public void Open_ShardIsAnAbsoluteLinkOut_IsRefused()
    {
        using var folder = Prepared();
        WriteShard(folder, "secret", "t");
        File.CreateSymbolicLink(folder.File($"{Snapshot}/{Shard}"), folder.File("secret"));
        Check(folder, loads: false);
    }

    [Fact]
    public void Open_ChainOfLinks_IsJudgedByItsEnd()
    {
        using var folder = Prepared();
        WriteShard(folder, "secret", "t");
        Directory.CreateDirectory(folder.File("repo/blobs"));
        File.CreateSymbolicLink(folder.File("repo/blobs/digest"), "../../secret");
        File.CreateSymbolicLink(folder.File($"{Snapshot}/{Shard}"), "../../blobs/digest");
        Check(folder, loads: false);
    }

    [Fact]
    public void Open_LinkThroughALinkedFolder_IsJudgedByItsEnd()
    {
        using var folder = Prepared();
        WriteShard(folder, "out/y.safetensors", "t");
        Directory.CreateSymbolicLink(folder.File($"{Snapshot}/sub"), "../../../out");
        File.CreateSymbolicLink(folder.File($"{Snapshot}/{Shard}"), "sub/y.safetensors");
        Check(folder, loads: false);
    }

    [Fact]
    public void Open_FolderItselfIsALink_Loads()
    {
        using var folder = Prepared();
        WriteShard(folder, $"{Snapshot}/{Shard}", "t");
        Directory.CreateSymbolicLink(folder.File("alias"), Snapshot);
        using var source = SafetensorsSource.Open(folder.File("alias"));
        source.Tensors.Count.ShouldBe(1);
    }

    [Fact]
    public void Open_LinksInACircle_AreRefused()
    {
        using var folder = Prepared();
        File.CreateSymbolicLink(folder.File($"{Snapshot}/{Shard}"), "y.safetensors");
        File.CreateSymbolicLink(folder.File($"{Snapshot}/y.safetensors"), Shard);
        Should.Throw<CheckpointException>(() => SafetensorsSource.Open(folder.File(Snapshot))).Message.ShouldContain("symbolic links");
    }

    private static TemporaryFolder Prepared()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "symbolic links need a privilege on Windows");
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(Snapshot));
        WriteIndexIn(folder, $"{Snapshot}/model.safetensors.index.json", ("t", Shard));
        return folder;
    }

    private static void Check(TemporaryFolder folder, bool loads)
    {
        if (loads)
        {
            using var source = SafetensorsSource.Open(folder.File(Snapshot));
            source.Tensors.Count.ShouldBe(1);
            return;
        }
        Should.Throw<CheckpointException>(() => SafetensorsSource.Open(folder.File(Snapshot)))
            .Message.ShouldContain("leads out of the folder");
    }
}
