using Octavo.Models;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Models;

public class GoldenCheckpointTests
{
    public static TheoryData<string> Decoders =>
    [
        "llama", "llama-bias", "llama-config-v5", "llama-dynamic-rope", "llama-left-padded", "llama-linear-rope", "llama-reward", "llama-steps",
        "llama-tied", "llama-yarn-rope", "llama3-rope", "mistral", "mistral-steps", "qwen2", "qwen2-window",
    ];

    public static TheoryData<string> GgufFiles =>
    [
        "files/llama/model.gguf", "files/llama-bf16/model.gguf", "files/llama-f16/model.gguf", "files/llama-linear-rope/model.gguf",
        "files/llama-q4_k_m/model.gguf", "files/llama-q8_0/model.gguf", "files/llama-tied/model.gguf", "files/llama-yarn-rope/model.gguf",
        "files/llama3-rope/model.gguf", "files/mistral/model.gguf", "files/qwen2/model.gguf",
        "split/two-parts/tiny-00001-of-00002.gguf", "split/no-tensor-first/tiny-00001-of-00002.gguf",
    ];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Open_DecoderGolden_ListsExactlyItsTensors(string name)
    {
        using var checkpoint = Checkpoint.Open(GoldenFolder.Find("decoders/" + name));

        ModelListing.Keys(checkpoint.Model).Select(key => key.Name).Order(StringComparer.Ordinal)
            .ShouldBe(checkpoint.Weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        ModelListing.ParameterCount(checkpoint.Model).ShouldBe(checkpoint.Weights.Tensors.Sum(tensor => tensor.Elements));
        checkpoint.UnknownKeys.ShouldBeEmpty();
        checkpoint.Notes.ShouldBeEmpty();
        checkpoint.StopIds.ShouldBe([2]);
        checkpoint.IsGguf.ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(GgufFiles))]
    public void Open_GgufGolden_ResolvesEveryTensor(string name)
    {
        var path = Path.Combine(GoldenFolder.Find("gguf/" + Path.GetDirectoryName(name)), Path.GetFileName(name));
        using var checkpoint = Checkpoint.Open(path);

        var resolved = ModelListing.Stored(checkpoint.Model).Select(checkpoint.Resolve).ToList();
        resolved.Select(tensor => tensor.Name).Order(StringComparer.Ordinal)
            .ShouldBe(checkpoint.Weights.Tensors.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        checkpoint.UnknownKeys.ShouldBeEmpty();
        checkpoint.StopIds.ShouldBe([2]);
        checkpoint.IsGguf.ShouldBeTrue();
    }

    [Theory]
    [InlineData("llama", "llama")]
    [InlineData("llama-tied", "llama-tied")]
    [InlineData("llama-linear-rope", "llama-linear-rope")]
    [InlineData("llama-yarn-rope", "llama-yarn-rope")]
    [InlineData("qwen2", "qwen2")]
    public void Open_GgufAndFolderOfOneModel_GiveOneDescription(string decoder, string file)
    {
        using var folder = Checkpoint.Open(GoldenFolder.Find("decoders/" + decoder));
        using var gguf = Checkpoint.Open(Path.Combine(GoldenFolder.Find("gguf/files/" + file), "model.gguf"));

        ModelListing.Keys(gguf.Model).Select(Text).ShouldBe(ModelListing.Keys(folder.Model).Select(Text));
        var (a, b) = (gguf.Model.AttentionOf(0), folder.Model.AttentionOf(0));
        a.Order.ShouldBe(b.Order);
        a.Visible.ShouldBe(b.Visible);
        gguf.Model.ContextLength.ShouldBe(folder.Model.ContextLength);
        gguf.Model.Stacks[0].Final!.Epsilon.ShouldBe(folder.Model.Stacks[0].Final!.Epsilon);
    }

    [Fact]
    public void Open_V5Layout_GivesTheSameRotaryAsTheReleasedOne()
    {
        using var released = Checkpoint.Open(GoldenFolder.Find("decoders/llama-steps"));
        using var v5 = Checkpoint.Open(GoldenFolder.Find("decoders/llama-config-v5"));
        v5.Model.AttentionOf(1).Order.ShouldBe(released.Model.AttentionOf(1).Order);
    }

    [Fact]
    public void Open_Llama3Gguf_ReadsTheDivisorsAsAView()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(GoldenFolder.Find("gguf/files/llama3-rope"), "model.gguf"));
        var order = checkpoint.Model.AttentionOf(1).Order!;
        order.Scaling.ShouldBeNull();
        checkpoint.Resolve(order.Factors!).Shape.ShouldBe([16L]);
        ModelListing.Keys(checkpoint.Model).ShouldNotContain(key => key.Name == "rope_freqs.weight");
    }

    [Fact]
    public void Open_FolderWithOneGguf_OpensIt()
    {
        using var checkpoint = Checkpoint.Open(GoldenFolder.Find("gguf/split/two-parts"));
        checkpoint.Path.ShouldEndWith("tiny-00001-of-00002.gguf");
        ModelListing.ParameterCount(checkpoint.Model).ShouldBe(checkpoint.Weights.Tensors.Sum(tensor => tensor.Elements));
    }

    [Fact]
    public void Open_SafetensorsFile_TakesTheConfigBeside()
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(GoldenFolder.Find("decoders/llama"), "model.safetensors"));
        checkpoint.Model.Architecture.ShouldBe("LlamaForCausalLM");
    }

    [Fact]
    public void Open_SmolLm2_GivesTheReleasedModel()
    {
        using var checkpoint = Checkpoint.Open(GoldenFolder.FindModel("SmolLM2-135M-Instruct.Q4_1.gguf"));

        ModelListing.ParameterCount(checkpoint.Model).ShouldBe(134_515_008);
        checkpoint.Model.ContextLength.ShouldBe(8192);
        checkpoint.Model.AttentionOf(29).Order!.Theta.ShouldBe(100_000);
        checkpoint.Model.AttentionOf(0).Q.W.GgufRows.ShouldBe(RowOrder.RotaryPairs);
        checkpoint.UnknownKeys.ShouldBeEmpty();
        checkpoint.Notes.ShouldBeEmpty();
        checkpoint.StopIds.ShouldBe([2]);
        checkpoint.ReadChatTemplate()!.ShouldStartWith("{% for message in messages %}");
    }

    private static string Text((string Name, IReadOnlyList<int> Shape) key) => $"{key.Name} [{string.Join(", ", key.Shape)}]";
}
