using Octavo.Core;
using Octavo.Core.TorchPickle;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Safetensors;
using Shouldly;

namespace Octavo.UnitTests.Core.TorchPickle;

public class TorchShardTests
{
    private const string Index = "pytorch_model.bin.index.json";
    private const string Shard1 = "pytorch_model-00001-of-00002.bin";
    private const string Shard2 = "pytorch_model-00002-of-00002.bin";

    /// <summary>The bad names of safetensors' shards with the other ending, and those of the other format.</summary>
    public static TheoryData<string> BadNames =>
    [
        .. ShardNameTests.BadNames.Select(row => row.Data.Replace("safetensors", "bin", StringComparison.Ordinal)).Where(name => name != "model.bin"),
        "model.safetensors", "pytorch_model.BIN", "pytorch_model.bin.pt", "pytorch_model.pt", "pytorch_model.bin/", "NUL.bin", "pytorch_model.bin\u0000",
    ];

    [Theory, MemberData(nameof(BadNames))]
    public void Open_IndexWithABadShardName_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        var path = ShardNameTests.WriteIndexIn(folder, Index, ("t", name));
        var error = Should.Throw<CheckpointException>(() => TorchPickleSource.Open(path));
        error.Message.ShouldContain("is no plain file name");
        error.Message.ShouldContain("then .bin are allowed");
        error.Message.ShouldStartWith(path + ": byte ");
    }

    [Fact]
    public void BadNames_All_AreThirtyOrMore() => BadNames.Count.ShouldBeGreaterThanOrEqualTo(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_FolderOrIndex_GivesTheTensorsOfAllShards(bool memoryMap)
    {
        using var folder = TwoShards();
        foreach (var path in (string[])[folder.Path, folder.File(Index)])
        {
            using var source = TorchPickleSource.Open(path, memoryMap);
            source.Tensors.Select(tensor => tensor.Name).ShouldBe(["a", "b", "c"]);
            source.Files.ShouldBe([folder.File(Shard1), folder.File(Shard2)]);
        }
        Write(folder, "pytorch_model.bin", "a");
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Path)).Message.ShouldContain($"holds both {Index} and pytorch_model.bin");
    }

    [Fact]
    public void Open_ShardsThatDoNotFitTheIndex_AreRefusedByName()
    {
        using var folder = TwoShards();
        Write(folder, Shard2, "c", "d");
        Refused(folder, "the tensor 'd', which the index");
        Write(folder, Shard2, "c", "a");
        Refused(folder, "the tensor 'a' stands in two shards");
        Write(folder, Shard2, "b2");
        Refused(folder, "the tensor 'b2', which the index");
        File.Delete(folder.File(Shard2));
        Refused(folder, $"the shard '{Shard2}' is missing");
        File.CreateSymbolicLink(folder.File(Shard2), "/etc/hostname");
        Refused(folder, "leads out of the folder");
    }

    [Fact]
    public void Open_ShardOfMalice_IsRefusedByName()
    {
        using var folder = TwoShards();
        folder.Write(Shard2, MaliciousPickles.All.First().Bytes);
        Refused(folder, "'os.system'");
    }

    private static void Refused(TemporaryFolder folder, string words) =>
        Should.Throw<CheckpointException>(() => TorchPickleSource.Open(folder.Path)).Message.ShouldContain(words);

    private static TemporaryFolder TwoShards()
    {
        var folder = new TemporaryFolder();
        Write(folder, Shard1, "a", "b");
        Write(folder, Shard2, "c");
        ShardNameTests.WriteIndexIn(folder, Index, ("c", Shard2), ("a", Shard1), ("b", Shard1));
        return folder;
    }

    private static void Write(TemporaryFolder folder, string name, params string[] tensors) => folder.Write(name, TorchBytes.Archive(TorchDict.Of(
        [.. tensors.Select((tensor, i) => ((object?)tensor, (object?)new TorchTensor(HonestCheckpoints.Storage("FloatStorage", 2, i), [2])))])));
}
