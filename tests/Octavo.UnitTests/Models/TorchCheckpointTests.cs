using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.TorchPickle;
using Octavo.Models;
using Octavo.TestKit;
using Octavo.UnitTests.Cli;
using Octavo.UnitTests.Core.Safetensors;
using Octavo.UnitTests.Core.TorchPickle;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>A tiny Llama whose weights are in a file of torch.save, opened as a model.</summary>
public class TorchCheckpointTests
{
    [Fact]
    public void Open_FolderWithPytorchModel_GivesTheSameWeightsAsItsSafetensors()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path);
        WriteTorch(folder, "pytorch_model.bin", tensors => TorchDict.Of(tensors));
        using (var preferred = Checkpoint.Open(folder.Path))
            preferred.Weights.ShouldBeOfType<SafetensorsSource>();
        using var original = SafetensorsSource.Open(folder.File("model.safetensors"));
        var numbers = original.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Bytes(0, (int)tensor.ByteLength).ToArray());
        File.Delete(folder.File("model.safetensors"));

        foreach (var path in (string[])[folder.Path, folder.File("pytorch_model.bin")])
        {
            using var checkpoint = Checkpoint.Open(path);
            checkpoint.Weights.ShouldBeOfType<TorchPickleSource>();
            checkpoint.Model.Architecture.ShouldBe("LlamaForCausalLM");
            // torch saves the tied head a second time, on the same storage
            checkpoint.Notes.ShouldHaveSingleItem().ShouldContain("lm_head.weight is stored again");
            foreach (var (name, bytes) in numbers)
            {
                checkpoint.Weights.TryGet(name, out var tensor).ShouldBeTrue(name);
                tensor.Bytes(0, (int)tensor.ByteLength).SequenceEqual(bytes).ShouldBeTrue(name);
            }
        }
    }

    [Theory]
    [InlineData("model.pt")]
    [InlineData("model.pth")]
    [InlineData("consolidated.bin")]
    [InlineData("MODEL.BIN")]
    public void Open_FileOfTorch_TakesTheConfigBesideAndSaysWhatItTook(string name)
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path);
        WriteTorch(folder, name, tensors => TorchDict.Plain(("model", TorchDict.Of(tensors)), ("step", 5L)));
        File.Delete(folder.File("model.safetensors"));
        using var checkpoint = Checkpoint.Open(folder.File(name));
        checkpoint.Notes[0].ShouldBe("The weights are the file's entry 'model'; not used: step.");
    }

    [Fact]
    public void Open_ShardsOfTorch_AreOneModel()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path);
        var tensors = Read(folder);
        var map = tensors.Select((tensor, i) => ((string)tensor.Key!, $"pytorch_model-{(i % 2) + 1:D5}-of-00002.bin")).ToArray();
        foreach (var shard in map.GroupBy(pair => pair.Item2))
            folder.Write(shard.Key, TorchBytes.Archive(TorchDict.Of([.. tensors.Where(tensor => shard.Any(pair => pair.Item1 == (string)tensor.Key!))])));
        ShardNameTests.WriteIndexIn(folder, "pytorch_model.bin.index.json", map);
        File.Delete(folder.File("model.safetensors"));
        using var checkpoint = Checkpoint.Open(folder.Path);
        checkpoint.Weights.Tensors.Count.ShouldBe(tensors.Length);
    }

    [Fact]
    public void Open_FolderWithoutWeights_NamesWhatIsLookedFor()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path);
        File.Delete(folder.File("model.safetensors"));
        folder.Write("training_args.bin", [1]);
        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Path)).Message.ShouldContain("no pytorch_model.bin");
    }

    [Fact]
    public void Open_ScaledFloat8_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path);
        (object?, object?)[] tensors = [.. Read(folder).Select(tensor => (string)tensor.Key! == "model.layers.0.self_attn.q_proj.weight"
            ? (tensor.Key, new TorchTensor(HonestCheckpoints.Storage("UntypedStorage", 64 * 64), [64, 64], DataType: "float8_e4m3fn"))
            : tensor)];
        File.Delete(folder.File("model.safetensors"));
        folder.Write("pytorch_model.bin", TorchBytes.Archive(TorchDict.Of(tensors)));
        Checkpoint.Open(folder.Path).Dispose();

        foreach (var scale in (string[])["weight_scale", "weight_scale_inv", "input_scale"])
        {
            var name = $"model.layers.0.self_attn.q_proj.{scale}";
            folder.Write("pytorch_model.bin", TorchBytes.Archive(TorchDict.Of([.. tensors, (name, new TorchTensor(HonestCheckpoints.Storage("FloatStorage", 1), [1]))])));
            var message = Should.Throw<UnsupportedException>(() => Checkpoint.Open(folder.Path)).Message;
            message.ShouldContain(name);
            message.ShouldContain("q_proj.weight is F8E4M3");
            message.ShouldContain("Take the model's BF16 or F16 checkpoint");
        }
    }

    [Fact]
    public void Inspect_FolderWithPytorchModel_TellsItsTensors()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.Path);
        WriteTorch(folder, "pytorch_model.bin", tensors => TorchDict.Plain(("state_dict", TorchDict.Of(tensors)), ("epoch", 1L)));
        File.Delete(folder.File("model.safetensors"));
        using (var terminal = new FakeTerminal())
        {
            terminal.Run("inspect", folder.Path).ShouldBe(0, terminal.Error);
            terminal.Out.ShouldContain("The weights are the file's entry 'state_dict'; not used: epoch.");
            terminal.Out.ShouldContain("model.layers.N.mlp.up_proj.weight");
        }
        using var json = new FakeTerminal();
        json.Run("inspect", folder.File("pytorch_model.bin"), "--json").ShouldBe(0, json.Error);
        using var document = JsonDocument.Parse(json.Out);
        document.RootElement.GetProperty("format").GetString().ShouldBe("torch");
        document.RootElement.GetProperty("tensors").GetArrayLength().ShouldBe(21);

        folder.Write("pytorch_model.bin", MaliciousPickles.All.First().Bytes);
        using var refused = new FakeTerminal();
        refused.Run("inspect", folder.Path).ShouldBe(3);
        refused.Error.ShouldContain("'os.system'");
        File.Exists(MaliciousPickles.Canary).ShouldBeFalse();
    }

    private static (object? Key, object? Value)[] Read(TemporaryFolder folder)
    {
        using var source = SafetensorsSource.Open(folder.File("model.safetensors"));
        return [.. source.Tensors.Select(tensor => ((object?)tensor.Name, (object?)new TorchTensor(
            new TorchStorage("FloatStorage", tensor.Bytes(0, (int)tensor.ByteLength).ToArray()), [.. tensor.Shape])))];
    }

    private static void WriteTorch(TemporaryFolder folder, string name, Func<(object? Key, object? Value)[], TorchDict> wrap)
    {
        var tensors = Read(folder);
        var tied = tensors.Single(tensor => (string)tensor.Key! == "model.embed_tokens.weight").Value;
        folder.Write(name, TorchBytes.Archive(wrap([.. tensors, ("lm_head.weight", tied)])));
    }
}
