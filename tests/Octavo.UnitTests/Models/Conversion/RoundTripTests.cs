using Octavo.Core.Tensors;
using Octavo.Models;
using Octavo.TestKit;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models.Conversion;

/// <summary>Every family that GGUF has, there and back.</summary>
public class RoundTripTests
{
    public static TheoryData<string> Hub =>
    [
        "decoders/bert-sentence", "decoders/glm", "decoders/glm4", "decoders/llama", "decoders/llama-bias", "decoders/llama-linear-rope",
        "decoders/llama-tied", "decoders/llama-yarn-rope", "decoders/llama3-rope", "decoders/mixtral", "decoders/olmo2", "decoders/phi3",
        "decoders/phi3-longrope-long", "decoders/qwen2", "decoders/qwen3", "encoders/minilm",
    ];

    /// <summary>Models of which the format's own converter made a file.</summary>
    public static TheoryData<string, string> Both => new()
    {
        { "glm", "glm" }, { "glm4", "glm4" }, { "llama", "llama" }, { "llama-linear-rope", "llama-linear-rope" }, { "llama-tied", "llama-tied" },
        { "llama-yarn-rope", "llama-yarn-rope" }, { "llama3-rope", "llama3-rope" }, { "mixtral", "mixtral" }, { "olmo2", "olmo2" },
        { "phi3", "phi3" }, { "qwen2", "qwen2" }, { "qwen3", "qwen3" },
    };

    public static TheoryData<string> Files =>
        ["bert", "gemma2", "glm", "glm4", "internlm2", "llama", "llama-bf16", "llama-f16", "llama3-rope", "mistral", "mixtral", "olmo2", "phi3", "phi3-longrope", "qwen2", "qwen3"];

    [Theory]
    [MemberData(nameof(Hub))]
    public void Hub_ToGgufAndBack_KeepsEveryNumber(string golden)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(GoldenFolder.Find(golden));
        using var gguf = Converted(source, folder.File("model.gguf"), ModelFormat.Gguf);
        using var back = Converted(gguf, folder.File("back"), ModelFormat.Hub);

        // heads that callers can do without have no place in the file
        var carried = source.Weights.Tensors.Where(tensor => !tensor.Name.Contains("pooler", StringComparison.Ordinal)).ToList();
        back.Weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)
            .ShouldBe(carried.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in carried)
            Same(tensor, back.Weights);
        back.UnknownKeys.ShouldBeEmpty();
        back.Model.ContextLength.ShouldBe(source.Model.ContextLength);
        back.Model.Architecture.ShouldBe(source.Model.Architecture);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Hub_ToGguf_IsWhatTheFormatsOwnConverterMakes(string decoder, string file)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(GoldenFolder.Find("decoders/" + decoder));
        using var expected = Checkpoint.Open(Path.Combine(GoldenFolder.Find("gguf/files/" + file), "model.gguf"));
        source.Weights.Tensors.Sum(tensor => tensor.Elements).ShouldBe(
            expected.Weights.Tensors.Where(tensor => !tensor.Name.StartsWith("rope_", StringComparison.Ordinal)).Sum(tensor => tensor.Elements),
            "the two goldens are one model");
        var isHalf = expected.Weights.Tensors.Any(tensor => tensor.Type == TensorType.F16);
        ModelConversion.Plan(source, ModelFormat.Gguf, isHalf ? TensorType.F16 : null).Write(folder.File("model.gguf"));
        using var made = Checkpoint.Open(folder.File("model.gguf"));

        made.Weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)
            .ShouldBe(expected.Weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (var tensor in expected.Weights.Tensors)
            Same(tensor, made.Weights, exact: !tensor.Name.StartsWith("rope_", StringComparison.Ordinal));
        var architecture = expected.Metadata!.Get<string>("general.architecture") + ".";
        // the trained length is only looked at where frequencies are stretched; the glm file was made with another configuration
        foreach (var (key, value) in expected.Metadata.Values.Where(
            pair => pair.Key.StartsWith(architecture, StringComparison.Ordinal) && pair.Key != "phi3.rope.scaling.original_context_length" && decoder != "glm"))
            made.Metadata!.Values.GetValueOrDefault(key).ShouldBe(value, key);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Gguf_ToHubAndBack_KeepsEveryNumber(string file)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(Path.Combine(GoldenFolder.Find("gguf/files/" + file), "model.gguf"));
        using var hub = Converted(source, folder.File("hub"), ModelFormat.Hub);
        using var back = Converted(hub, folder.File("back.gguf"), ModelFormat.Gguf);

        foreach (var tensor in source.Weights.Tensors)
            Same(tensor, back.Weights, exact: !tensor.Name.StartsWith("rope_freqs", StringComparison.Ordinal));
        back.Weights.Tensors.Count.ShouldBe(source.Weights.Tensors.Count);
    }

    private static Checkpoint Converted(Checkpoint source, string path, ModelFormat format)
    {
        var plan = ModelConversion.Plan(source, format, type: null);
        plan.Write(path);
        var made = Checkpoint.Open(path);
        plan.Compare(made).ShouldAllBe(error => error.RelativeRms == 0);
        return made;
    }

    private static void Same(StoredTensor tensor, TensorSource there, bool exact = true)
    {
        there.TryGet(tensor.Name, out var other).ShouldBeTrue(tensor.Name);
        other.Shape.ShouldBe(tensor.Shape, tensor.Name);
        other.Type.ShouldBe(tensor.Type, tensor.Name);
        if (exact)
            other.Bytes(0, (int)other.ByteLength).SequenceEqual(tensor.Bytes(0, (int)tensor.ByteLength)).ShouldBeTrue(tensor.Name);
    }
}
