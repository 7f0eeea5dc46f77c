using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.TestKit;
using Shouldly;
using static Octavo.UnitTests.Core.Safetensors.ShardNameTests;

namespace Octavo.UnitTests.Core.Safetensors;

public class SafetensorsIndexTests
{
    private const string Shard1 = "model-00001-of-00002.safetensors";
    private const string Shard2 = "model-00002-of-00002.safetensors";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Open_FolderOrIndex_GivesTheTensorsOfAllShards(bool memoryMap)
    {
        using var folder = TwoShards();
        foreach (var path in (string[])[folder.Path, folder.File("model.safetensors.index.json")])
        {
            using var source = SafetensorsSource.Open(path, memoryMap);
            source.Tensors.Select(t => t.Name).ShouldBe(["a", "b", "c"]);
            source.Files.ShouldBe([folder.File(Shard1), folder.File(Shard2)]);
            source.TryGet("c", out var tensor).ShouldBeTrue();
            tensor.Bytes(0, 1)[0].ShouldBe((byte)0);
            source.TryGet("C", out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Open_ShardMissing_IsRefusedByName()
    {
        using var folder = TwoShards();
        File.Delete(folder.File(Shard2));
        Refusal(folder.Path).ShouldContain($"the shard '{Shard2}' is missing");
    }

    [Fact]
    public void Open_TensorInNoShard_IsRefusedByName()
    {
        using var folder = TwoShards();
        WriteShard(folder, Shard2);
        Refusal(folder.Path).ShouldContain($"the index places the tensor 'c' in '{Shard2}', which does not hold it");
    }

    [Fact]
    public void Open_TensorNotInIndex_IsRefusedByName()
    {
        using var folder = TwoShards();
        WriteShard(folder, Shard2, "c", "d");
        Refusal(folder.Path).ShouldContain("the tensor 'd', which the index");
    }

    [Fact]
    public void Open_TensorInTwoShards_IsRefusedByName()
    {
        using var folder = TwoShards();
        WriteShard(folder, Shard2, "c", "a");
        Refusal(folder.Path).ShouldContain("the tensor 'a' stands in two shards");
    }

    [Fact]
    public void Open_TensorInTheOtherShard_IsRefusedByName()
    {
        using var folder = TwoShards();
        WriteIndex(folder, ("a", Shard1), ("b", Shard2), ("c", Shard2));
        Refusal(folder.Path)
            .ShouldContain($"the tensor 'b', which the index {folder.File("model.safetensors.index.json")} places in '{Shard2}'");
    }

    [Theory]
    [InlineData("", "the index is empty")]
    [InlineData("[]", "StartObject is expected")]
    [InlineData("{}", "no 'weight_map'")]
    [InlineData("{\"weight_map\":{}}", "no 'weight_map' or an empty one")]
    [InlineData("{\"weight_map\":[]}", "StartObject is expected")]
    [InlineData("{\"weight_map\":{\"a\":1}}", "String is expected")]
    [InlineData("{\"weight_map\":{\"a\":null}}", "String is expected")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"x.safetensors\"}}", "the tensor 'a' stands twice")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\"},\"weight_map\":{}}", "the key 'weight_map' stands twice")]
    [InlineData("{\"metadata\":{},\"metadata\":{},\"weight_map\":{\"a\":\"x.safetensors\"}}", "the key 'metadata' stands twice")]
    [InlineData("{\"metadata\":[[[[[[[[[[]]]]]]]]]],\"weight_map\":{\"a\":\"x.safetensors\"}}", "the JSON text is wrong")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\"}", "the JSON text")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\"}}x", "the JSON text is wrong")]
    public void Open_BadIndexText_IsRefused(string text, string rule)
    {
        using var folder = new TemporaryFolder();
        WriteShard(folder, "x.safetensors", "a");
        File.WriteAllText(folder.File("x.safetensors.index.json"), text);
        Refusal(folder.File("x.safetensors.index.json")).ShouldContain(rule);
    }

    [Fact]
    public void Open_FolderWithTwoCheckpoints_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Refusal(folder.Path).ShouldContain("holds no *.safetensors");
        WriteShard(folder, "x.safetensors", "a");
        SafetensorsSource.Open(folder.Path).Dispose();
        WriteShard(folder, "y.safetensors", "a");
        Refusal(folder.Path).ShouldContain("holds 2 checkpoints (x.safetensors, y.safetensors)");
        WriteShard(folder, "model.safetensors", "m");
        using (var source = SafetensorsSource.Open(folder.Path))
            source.Files.ShouldBe([folder.File("model.safetensors")]);
        WriteIndex(folder, ("a", "x.safetensors"));
        Refusal(folder.Path).ShouldContain("holds both model.safetensors.index.json and model.safetensors");
    }

    private static TemporaryFolder TwoShards()
    {
        var folder = new TemporaryFolder();
        WriteShard(folder, Shard1, "a", "b");
        WriteShard(folder, Shard2, "c");
        WriteIndex(folder, ("c", Shard2), ("a", Shard1), ("b", Shard1));
        return folder;
    }

    private static string Refusal(string path) => Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path)).Message;
}
