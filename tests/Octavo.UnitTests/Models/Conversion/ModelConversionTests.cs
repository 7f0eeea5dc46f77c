using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models.Conversion;

public class ModelConversionTests
{
    [Theory]
    [InlineData("decoders/gemma2", "the scale of scores")]
    [InlineData("decoders/internlm2-bias", "whether q has a bias")]
    [InlineData("decoders/llama-reward", "the head 'score' has no place")]
    [InlineData("decoders/smollm3", "GGUF has no architecture for SmolLM3ForCausalLM")]
    [InlineData("encoders/mpnet", "GGUF has no architecture for MPNetModel")]
    public void Plan_WhatGgufCannotSay_IsRefusedByName(string golden, string words)
    {
        using var source = Checkpoint.Open(GoldenFolder.Find(golden));
        Should.Throw<UnsupportedException>(() => ModelConversion.Plan(source, ModelFormat.Gguf, null)).Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("decoders/mistral", 9, "The attention window of 9 tokens is not carried over")]
    [InlineData("decoders/qwen2-window", 9, "The attention window of 9 tokens is not carried over")]
    [InlineData("decoders/llama-dynamic-rope", 32, "Dynamic rotary scaling is not carried over")]
    [InlineData("decoders/internlm2", 256, "Dynamic rotary scaling is not carried over")]
    public void Plan_WhatMattersOnlyBeyondALength_EndsTheContextThere(string golden, int context, string words)
    {
        using var source = Checkpoint.Open(GoldenFolder.Find(golden));
        var plan = ModelConversion.Plan(source, ModelFormat.Gguf, null);
        plan.Model.ContextLength.ShouldBe(context);
        plan.Notes.ShouldHaveSingleItem().ShouldContain(words);
    }

    [Fact]
    public void Write_NormsThatCountFromOne_AreShiftedByIt()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(Path.Combine(GoldenFolder.Find("gguf/files/gemma2"), "model.gguf"));
        ModelConversion.Plan(source, ModelFormat.Hub, null).Write(folder.File("hub"));
        using var hub = Checkpoint.Open(folder.File("hub"));

        var stored = source.Model.Stacks[0].Final!;
        var written = hub.Model.Stacks[0].Final!;
        (stored.Offset, written.Offset).ShouldBe((0, 1));
        var (before, after) = (Floats(source.Resolve(stored.W)), Floats(hub.Resolve(written.W)));
        after.ShouldBe(before.Select(number => number - 1));
    }

    [Fact]
    public void Plan_RowsThatDoNotFillBlocks_NamesASubstituteForEachTensor()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.Path));
        var plan = ModelConversion.Plan(source, ModelFormat.Gguf, TensorType.Q4_K, embeddings: TensorType.Q6_K);

        var matrices = plan.Tensors.Where(tensor => tensor.Shape.Count == 2).ToList();
        matrices.Count.ShouldBe(15);
        matrices.ShouldAllBe(tensor => tensor.Reason!.Contains("numbers do not fill blocks of 256"));
        matrices.Where(tensor => tensor.Name != "token_embd.weight").ShouldAllBe(tensor => tensor.To == TensorType.Q5_0);
        matrices.Single(tensor => tensor.Name == "token_embd.weight").To.ShouldBe(TensorType.Q8_0);
        plan.Tensors.Where(tensor => tensor.Shape.Count == 1).ShouldAllBe(tensor => tensor.To == TensorType.F32 && tensor.Reason == null);
    }

    [Theory]
    [InlineData(TensorType.Q8_0, 0.007)]
    [InlineData(TensorType.Q5_1, 0.04)]
    [InlineData(TensorType.Q5_0, 0.05)]
    [InlineData(TensorType.Q4_1, 0.08)]
    [InlineData(TensorType.Q4_0, 0.1)]
    [InlineData(TensorType.BF16, 0.003)]
    [InlineData(TensorType.F16, 0.0005)]
    public void Write_Quantized_LosesWhatTheTypeLoses(TensorType type, double bound)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        var plan = ModelConversion.Plan(source, ModelFormat.Gguf, type);
        plan.Write(folder.File("model.gguf"));
        using var made = Checkpoint.Open(folder.File("model.gguf"));

        var errors = plan.Compare(made);
        errors.Single(error => error.Type == type).RelativeRms.ShouldBeInRange(bound / 4, bound);
        errors.Single(error => error.Type == TensorType.F32).RelativeRms.ShouldBe(0);
    }

    [Fact]
    public void Compare_ADamagedResult_IsAnError()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        var plan = ModelConversion.Plan(source, ModelFormat.Gguf, null);
        plan.Write(folder.File("model.gguf"));
        var bytes = File.ReadAllBytes(folder.File("model.gguf"));
        bytes[^40] ^= 0x40;
        File.WriteAllBytes(folder.File("model.gguf"), bytes);
        using var made = Checkpoint.Open(folder.File("model.gguf"));

        Should.Throw<EvaluationException>(() => plan.Compare(made)).Message.ShouldContain("should have kept its numbers");
    }

    [Fact]
    public void Write_QuantizedAgain_IsSaid()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        ModelConversion.Plan(source, ModelFormat.Gguf, TensorType.Q8_0).Write(folder.File("q8.gguf"));
        using var quantized = Checkpoint.Open(folder.File("q8.gguf"));

        ModelConversion.Plan(quantized, ModelFormat.Gguf, TensorType.Q4_0).Notes.ShouldHaveSingleItem().ShouldContain("quantized again");
        ModelConversion.Plan(quantized, ModelFormat.Gguf, TensorType.Q8_0).Notes.ShouldBeEmpty();
        ModelConversion.Plan(quantized, ModelFormat.Hub, null).Tensors.Where(tensor => tensor.Reason is not null).ShouldNotBeEmpty();
    }

    [Fact]
    public void Write_WhatIsThere_IsLeftAlone()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        var (gguf, hub) = (ModelConversion.Plan(source, ModelFormat.Gguf, null), ModelConversion.Plan(source, ModelFormat.Hub, TensorType.BF16));
        folder.Write("a.gguf", [1, 2, 3]);
        Directory.CreateDirectory(folder.File("photos"));
        folder.Write("photos/one.jpg", [1]);

        Should.Throw<ConfigException>(() => gguf.Write(folder.File("a.gguf"))).Message.ShouldContain("something already");
        Should.Throw<ConfigException>(() => hub.Write(folder.File("photos"))).Message.ShouldContain("something already");
        Should.Throw<ConfigException>(() => hub.Write(folder.File("photos"), new WriteOptions { Overwrite = true })).Message.ShouldContain("no model");
        Should.Throw<ConfigException>(() => hub.Write(folder.File("source"), new WriteOptions { Overwrite = true })).Message.ShouldContain("where");
        Should.Throw<ConfigException>(() => hub.Write(folder.File("source/inside"))).Message.ShouldContain("where");
        Should.Throw<ConfigException>(() => hub.Write(folder.Path, new WriteOptions { Overwrite = true })).Message.ShouldContain("no model");
        File.ReadAllBytes(folder.File("a.gguf")).ShouldBe([1, 2, 3]);

        gguf.Write(folder.File("a.gguf"), new WriteOptions { Overwrite = true });
        hub.Write(folder.File("copy"));
        hub.Write(folder.File("copy"), new WriteOptions { Overwrite = true });
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["a.gguf", "copy", "photos", "source"]);
    }

    [Theory]
    [InlineData(ModelFormat.Gguf)]
    [InlineData(ModelFormat.Hub)]
    public void Write_Cancelled_LeavesNothing(ModelFormat format)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        using var cancellation = new CancellationTokenSource();
        var plan = ModelConversion.Plan(source, format, TensorType.F16);

        Should.Throw<OperationCanceledException>(
            () => plan.Write(folder.File("out.gguf"), new WriteOptions { Progress = new Cancel(cancellation), CancellationToken = cancellation.Token }));
        Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).ShouldBe(["source"]);
    }

    [Fact]
    public void Write_NumbersTooLargeForTheType_NamesTensorAndRemedy()
    {
        using var folder = new TemporaryFolder();
        TinyModels.WriteLlama(folder.File("source"));
        var path = folder.File("source/model.safetensors");
        var bytes = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 8), 1e6f);
        File.WriteAllBytes(path, bytes);
        using var source = Checkpoint.Open(folder.File("source"));

        var error = Should.Throw<InputFileException>(() => ModelConversion.Plan(source, ModelFormat.Gguf, TensorType.F16).Write(folder.File("out.gguf")));
        error.Message.ShouldContain("model.layers.1.mlp.down_proj.weight");
        error.Message.ShouldContain("row 63");
        File.Exists(folder.File("out.gguf")).ShouldBeFalse();
    }

    [Fact]
    public void Plan_TypesThatAFormatHasNot_AreRefusedWithThoseItHas()
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(TinyModels.WriteLlama(folder.File("source")));
        Should.Throw<UnsupportedException>(() => ModelConversion.Plan(source, ModelFormat.Hub, TensorType.Q8_0)).Message.ShouldContain("f32, f16, bf16");
        Should.Throw<UnsupportedException>(() => ModelConversion.Plan(source, ModelFormat.Gguf, TensorType.Q2_K)).Message.ShouldContain("q4_k");
        Should.Throw<ConfigException>(() => ModelConversion.Plan(source, ModelFormat.Hub, null, TensorType.F16)).Message.ShouldContain("embeddings");
    }

    private static float[] Floats(StoredTensor tensor)
    {
        var numbers = new float[tensor.Elements];
        Dequantizer.ToFloat(tensor.Type, tensor.Bytes(0, (int)tensor.ByteLength), numbers);
        return numbers;
    }

    private sealed class Cancel(CancellationTokenSource source) : IProgress<long>
    {
        public void Report(long value) => source.Cancel();
    }
}
