using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Gguf;
using Shouldly;

namespace Octavo.UnitTests.Core.Safetensors;

public class SafetensorsShardWriterTests
{
    private static readonly TensorSpec[] _specs =
    [
        new("b", TensorType.F32, [10], 1), new("a", TensorType.F32, [15], 2), new("big", TensorType.F32, [100], 3), new("é", TensorType.U8, [1], 4),
    ];

    [Fact]
    public void WriteFolder_BelowTheLimit_IsOneFile()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors(_specs);
        var inner = folder.File("new/model");
        SafetensorsWriter.WriteFolder(inner, lent.Tensors, shardBytes: 501).ShouldBe([Path.Combine(inner, "model.safetensors")]);
        Directory.GetFiles(inner).Length.ShouldBe(1);
        using var source = SafetensorsSource.Open(inner);
        SafetensorsWriterTests.CheckSame(source, lent.Tensors);
    }

    [Fact]
    public void WriteFolder_AboveTheLimit_FillsShardsInOrder()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors(_specs);
        var files = SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors, new Dictionary<string, string> { ["format"] = "pt" }, shardBytes: 100);

        files.Select(file => Path.GetFileName(file)).ShouldBe(["model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors"]);
        File.ReadAllText(folder.File("model.safetensors.index.json")).ShouldBe("""
            {
              "metadata": {
                "total_size": 501
              },
              "weight_map": {
                "a": "model-00001-of-00003.safetensors",
                "b": "model-00001-of-00003.safetensors",
                "big": "model-00002-of-00003.safetensors",
                "\u00e9": "model-00003-of-00003.safetensors"
              }
            }

            """.ReplaceLineEndings("\n"));
        using var source = SafetensorsSource.Open(folder.Path);
        source.Metadata["format"].ShouldBe("pt");
        SafetensorsWriterTests.CheckSame(source, lent.Tensors);
        Directory.GetFiles(folder.Path).Length.ShouldBe(4);
    }

    [Theory]
    [InlineData(99, 4)]
    [InlineData(1, 4)]
    [InlineData(400, 3)]
    [InlineData(500, 2)]
    [InlineData(501, 1)]
    public void WriteFolder_AnyLimit_ReadsBack(long limit, int shards)
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors(_specs);
        SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors, shardBytes: limit).Count.ShouldBe(shards);
        using var source = SafetensorsSource.Open(folder.Path);
        SafetensorsWriterTests.CheckSame(source, lent.Tensors);
    }

    [Theory]
    [InlineData(100, 501)]
    [InlineData(501, 100)]
    [InlineData(100, 99)]
    [InlineData(100, 100)]
    public void WriteFolder_OverAnotherCheckpoint_LeavesOnlyTheNew(long before, long after)
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors(_specs);
        folder.Write("config.json", [1]);
        folder.Write("other.safetensors.txt", [1]);
        SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors, shardBytes: before);
        var kept = Directory.GetFiles(folder.Path);
        Should.Throw<ConfigException>(() => SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors, shardBytes: after)).Message.ShouldContain("is there already");
        Directory.GetFiles(folder.Path).ShouldBe(kept, ignoreOrder: true);

        using var fresh = new LentTensors(_specs.Select(spec => spec with { Seed = spec.Seed + 50 }));
        var files = SafetensorsWriter.WriteFolder(folder.Path, fresh.Tensors, shardBytes: after, overwrite: true);
        Directory.GetFiles(folder.Path).Length.ShouldBe(files.Count + (files.Count > 1 ? 1 : 0) + 2);
        using var source = SafetensorsSource.Open(folder.Path);
        SafetensorsWriterTests.CheckSame(source, fresh.Tensors);
    }

    [Fact]
    public void WriteFolder_TooManyShards_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var lent = new LentTensors(Enumerable.Range(0, 10_001).Select(i => new TensorSpec($"t{i}", TensorType.U8, [2], 1)));
        Should.Throw<ConfigException>(() => SafetensorsWriter.WriteFolder(folder.Path, lent.Tensors, shardBytes: 1)).Message.ShouldContain("at most 10000");
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }
}
