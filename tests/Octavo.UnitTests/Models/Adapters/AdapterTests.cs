using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.Models.Adapters;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models.Adapters;

/// <summary>An adapter's folder: as PEFT writes it, and as nobody should.</summary>
public sealed class AdapterTests : IDisposable
{
    private const string Q = "base_model.model.model.layers.0.self_attn.q_proj";

    private readonly TemporaryFolder _folder = new();
    private readonly Checkpoint _model;

    public AdapterTests() => _model = Checkpoint.Open(TinyModels.WriteLlama(_folder.File("model")));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("training/lora")]
    [InlineData("training/lora-dora")]
    public void Write_WhatPeftWrote_IsTheSameBytes(string golden)
    {
        var from = GoldenFolder.Find(golden);
        using var model = Checkpoint.Open(from);
        Adapter.Load(from, model.Model).Write(_folder.File("copy"));
        foreach (var file in (string[])["adapter_config.json", "adapter_model.safetensors"])
            File.ReadAllBytes(Path.Combine(_folder.File("copy"), file)).ShouldBe(File.ReadAllBytes(Path.Combine(from, file)), file);
        File.ReadAllText(Path.Combine(_folder.File("copy"), "README.md")).ShouldStartWith("---\nlibrary_name: peft\n");
        Directory.GetFileSystemEntries(_folder.Path).Length.ShouldBe(2);
    }

    [Fact]
    public void Write_BaseModel_StandsInTheCard()
    {
        Made(config => config with { BaseModel = "some: model" }).Write(_folder.File("a"));
        File.ReadAllText(Path.Combine(_folder.File("a"), "README.md")).ShouldStartWith("---\nbase_model: \"some: model\"\nlibrary_name: peft\n");
    }

    [Fact]
    public void Write_Existing_OnlyReplacesAnAdapter()
    {
        var place = _folder.File("a");
        Made().Write(place);
        Should.Throw<ConfigException>(() => Made().Write(place)).Message.ShouldContain("something already");
        Made(seed: 2).Write(place, overwrite: true);
        Adapter.Load(place, _model.Model).Modules[0].A.ToArray().ShouldBe(Made(seed: 2).Modules[0].A.ToArray());
        File.WriteAllText(Path.Combine(place, "notes.txt"), "mine");
        Should.Throw<ConfigException>(() => Made().Write(place, overwrite: true)).Message.ShouldContain("notes.txt");
        Should.Throw<ConfigException>(() => Made().Write(Path.Combine(place, "notes.txt"))).Message.ShouldContain("a file of that name");
    }

    [Fact]
    public void Load_HalfPrecision_IsReadAsItIs()
    {
        Made().Write(_folder.File("a"));
        using (var source = SafetensorsSource.Open(Path.Combine(_folder.File("a"), "adapter_model.safetensors"), memoryMap: false))
        {
            SafetensorsWriter.Write(_folder.File("half"), [.. source.Tensors.Select(tensor => new OutgoingTensor(tensor.Name, TensorType.BF16, tensor.Shape, stream =>
            {
                var bytes = new byte[tensor.Elements * 2];
                Quantizer.FromFloat(TensorType.BF16, source.Read<float>(tensor.Name), bytes);
                stream.Write(bytes);
            }))]);
        }
        File.Move(_folder.File("half"), Path.Combine(_folder.File("a"), "adapter_model.safetensors"), overwrite: true);
        var read = Adapter.Load(_folder.File("a"), _model.Model).Modules[0].B.ToArray();
        var made = Made().Modules[0].B.ToArray();
        read.ShouldAllBe(number => (BitConverter.SingleToUInt32Bits(number) & 0xFFFF) == 0);
        for (var i = 0; i < made.Length; i++)
            read[i].ShouldBe(made[i], Math.Abs(made[i]) / 256);
    }

    [Fact]
    public void Load_EverythingWrong_IsOneTable()
    {
        var tensors = Tensors();
        tensors.Remove(Q + ".lora_B.weight");
        tensors["base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight"] = ([3, 64], new float[192]);
        tensors["base_model.model.model.layers.9.self_attn.v_proj.lora_A.weight"] = ([5, 64], new float[320]);
        tensors["model.layers.0.\u001b[31m"] = ([1], [0]);
        tensors["base_model.model.lm_head.lora_A.weight"] = ([5, 64], new float[320]);
        var bad = (float[])tensors["base_model.model.model.layers.1.mlp.down_proj.lora_A.weight"].Numbers.Clone();
        bad[7] = float.NaN;
        tensors["base_model.model.model.layers.1.mlp.down_proj.lora_A.weight"] = ([5, 96], bad);
        tensors[Q + ".lora_magnitude_vector"] = ([64], new float[64]);
        Write(tensors);

        var message = Should.Throw<CheckpointException>(() => Adapter.Load(_folder.File("a"), _model.Model)).Message;
        message.ShouldContain("(1 missing, 4 unexpected, 2 mis-shaped)");
        message.ShouldContain(Q + ".lora_B.weight");
        message.ShouldContain("[3, 64] F32");
        message.ShouldContain("number 7 is NaN");
        message.ShouldContain("use_dora is false");
        message.ShouldContain("no matrix of the model");
        message.ShouldNotContain("\u001b");
    }

    [Fact]
    public void Load_NotTargeted_IsUnexpected()
    {
        Made().Write(_folder.File("a"));
        File.WriteAllBytes(
            Path.Combine(_folder.File("a"), "adapter_config.json"),
            AdapterConfigWriter.Write(TinyAdapter.All() with { TargetPattern = null, TargetModules = ["q_proj", "o_proj"] }));
        Should.Throw<CheckpointException>(() => Adapter.Load(_folder.File("a"), _model.Model)).Message.ShouldContain("not among target_modules");
    }

    [Fact]
    public void Load_OtherModel_SaysWhatItWasMadeFor()
    {
        Made(config => config with { BaseModel = "org/Other-7B" }).Write(_folder.File("a"));
        using var other = Checkpoint.Open(GoldenFolder.Find("decoders/llama"));
        Should.Throw<CheckpointException>(() => Adapter.Load(_folder.File("a"), other.Model)).Message.ShouldContain("made for 'org/Other-7B'");
    }

    [Theory]
    [InlineData("org/Model", null)]
    [InlineData("/somewhere/else/model/", null)]
    [InlineData(null, null)]
    [InlineData("org/Other-7B", "org/Other-7B")]
    public void DoubtAbout_BaseModel_IsComparedByName(string? named, string? doubted)
    {
        var doubt = Made(config => config with { BaseModel = named }).DoubtAbout(_model);
        if (doubted is null)
            doubt.ShouldBeNull();
        else
            doubt!.ShouldContain(doubted);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("none")]
    [InlineData("config")]
    [InlineData("other")]
    public void Load_BrokenFolder_IsRefused(string how)
    {
        Made().Write(_folder.File("a"));
        var weights = Path.Combine(_folder.File("a"), "adapter_model.safetensors");
        var path = _folder.File("a");
        switch (how)
        {
            case "cut":
                File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^10]);
                break;
            case "none":
                File.Delete(weights);
                break;
            case "config":
                File.Delete(Path.Combine(path, "adapter_config.json"));
                break;
            default:
                path = Path.Combine(path, "adapter_config.json");
                break;
        }
        Should.Throw<CheckpointException>(() => Adapter.Load(path, _model.Model)).Message.ShouldContain(how == "config" ? "adapter_config.json" : "adapter_model.safetensors");
    }

    [Fact]
    public void Adapter_ThatContradictsItself_IsRefused()
    {
        var module = new AdapterModule("m", 2, new float[8], new float[6]);
        Should.Throw<ConfigException>(() => new Adapter(TinyAdapter.All(rank: 3), [module])).Message.ShouldContain("rank 2");
        Should.Throw<ConfigException>(() => new Adapter(TinyAdapter.All(rank: 2, dora: true), [module])).Message.ShouldContain("lora_magnitude_vector");
        Should.Throw<ConfigException>(() => new Adapter(TinyAdapter.All(rank: 2), [module, module])).Message.ShouldContain("twice");
        Should.Throw<ConfigException>(() => new Adapter(TinyAdapter.All(), []));
        Should.Throw<ShapeException>(() => new AdapterModule("m", 3, new float[8], new float[6]));
    }

    [Theory]
    [InlineData("lora", false)]
    [InlineData("dora", false)]
    [InlineData("patterns", false)]
    [InlineData("lora", true)]
    public void ParameterCount_Configuration_IsThatOfAnAdapterWithIt(string kind, bool isFused)
    {
        using var fused = isFused ? Checkpoint.Open(GoldenFolder.Find("decoders/phi3")) : null;
        var config = kind switch
        {
            "lora" => TinyAdapter.All(),
            "dora" => TinyAdapter.All(dora: true),
            _ => TinyAdapter.All() with { TargetPattern = null, TargetModules = ["q_proj", "down_proj"], Layers = [1], RankPattern = [new("down_proj", 3)] },
        };
        var made = TinyAdapter.Make((fused ?? _model).Model, 1, config);
        made.Write(_folder.File("a"));
        var read = Adapter.Load(_folder.File("a"), (fused ?? _model).Model);
        config.ParameterCount((fused ?? _model).Model).ShouldBe(read.ParameterCount);
        read.ParameterCount.ShouldBeGreaterThan(0);
    }

    private Adapter Made(Func<AdapterConfig, AdapterConfig>? change = null, ulong seed = 1) =>
        TinyAdapter.Make(_model.Model, seed, (change ?? (config => config))(TinyAdapter.All()));

    private Dictionary<string, (long[] Shape, float[] Numbers)> Tensors()
    {
        Made().Write(_folder.File("a"));
        using var source = SafetensorsSource.Open(Path.Combine(_folder.File("a"), "adapter_model.safetensors"));
        return source.Tensors.ToDictionary(tensor => tensor.Name, tensor => (tensor.Shape.ToArray(), source.Read<float>(tensor.Name)));
    }

    private void Write(Dictionary<string, (long[] Shape, float[] Numbers)> tensors) => SafetensorsWriter.Write(
        Path.Combine(_folder.File("a"), "adapter_model.safetensors"),
        [.. tensors.Select(tensor => new OutgoingTensor(tensor.Key, TensorType.F32, tensor.Value.Shape,
            stream => stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Value.Numbers.AsSpan()))))],
        overwrite: true);
}
