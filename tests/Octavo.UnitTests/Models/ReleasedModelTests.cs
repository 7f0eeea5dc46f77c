using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Models;
using Shouldly;

namespace Octavo.UnitTests.Models;

/// <summary>Descriptions at released sizes, without weights. OCTAVO_UPDATE_SNAPSHOTS=1 writes the listings anew.</summary>
public class ReleasedModelTests
{
    public static TheoryData<string, long> Sizes => new()
    {
        { "smollm2-135m", 134_515_008 },
        { "smollm2-360m", 361_821_120 },
        { "smollm2-1.7b", 1_711_376_384 },
        { "llama-3.1-8b", 8_030_261_248 },
        { "qwen2.5-3b", 3_085_938_688 },
        { "qwen2.5-7b", 7_615_616_512 },
        { "qwen3-0.6b", 596_049_920 },
        { "mixtral-8x7b", 46_702_792_704 },
        { "phi-3-mini", 3_821_079_552 },
        { "internlm2-7b", 7_737_708_544 },
        { "smollm3-3b", 3_075_098_624 },
        { "gemma-2-2b", 2_614_341_888 },
        { "glm-4-9b", 9_399_951_360 },
        { "glm-4-9b-0414", 9_400_279_040 },
        { "chatglm-glm-4-9b", 9_399_951_360 },
        { "olmo-2-7b", 7_298_617_344 },
        { "minilm-l6", 22_713_216 },
        { "mpnet-base", 109_486_464 },
        { "roberta-base", 124_645_632 },
        { "xlm-roberta-base", 278_043_648 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ParameterCount_ReleasedConfig_IsThePublishedNumber(string name, long parameters) =>
        ModelListing.ParameterCount(Architectures.Describe(Fixture(name + ".json"))).ShouldBe(parameters);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Keys_ReleasedConfig_AreTheSnapshot(string name, long parameters)
    {
        var lines = ModelListing.Keys(Architectures.Describe(Fixture(name + ".json"))).Select(key => $"{key.Name} {string.Join('x', key.Shape)}");
        var text = string.Join('\n', lines.Append($"{parameters} parameters")) + "\n";
        var snapshot = Fixture(name + ".keys.txt");
        if (Environment.GetEnvironmentVariable("OCTAVO_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(snapshot, text);
        text.ShouldBe(File.ReadAllText(snapshot).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Describe_Llama31_ReadsItsRotaryScaling()
    {
        var model = Architectures.Describe(Fixture("llama-3.1-8b.json"));
        model.ContextLength.ShouldBe(131_072);
        model.AttentionOf(31).Order.ShouldBe(new Rotary(128, Pairing.Halves, 500_000, new Llama3Scaling(8, 1, 4, 8192)));
    }

    [Fact]
    public void Memory_Llama31InQ4AtFullLength_AddsItsParts()
    {
        var estimate = MemoryEstimate.For(Architectures.Describe(Fixture("llama-3.1-8b.json")), TensorType.Q4_0, new EngineOptions { Threads = 2 });
        // every matrix but the embedding table is packed: 8 rows of 32 numbers take 144 bytes
        const long Matrices = 8_030_261_248 - (65 * 4096) - (128_256L * 4096);
        estimate.Of(MemoryUse.PackedWeights).ShouldBe(Matrices / 256 * 144);
        estimate.Of(MemoryUse.CopiedWeights).ShouldBe(65 * 4096 * 4);
        estimate.Of(MemoryUse.Embedding).ShouldBe(128_256L * 4096 / 32 * 18 / 2);
        // the tables of one sequence: pages of 32 layers, positions and tokens
        estimate.Of(MemoryUse.Cache).ShouldBe((131_072L * 32 * 2 * 8 * 128 * 2) + (32 * 2048 * 4) + (2 * 131_072 * 4));
        estimate.TokenBytes.ShouldBe(32 * 2 * 8 * 128 * 2);
        estimate.Total.ShouldBe(estimate.Parts.Sum(part => part.Bytes));
        estimate.Private.ShouldBe(estimate.Total - estimate.Of(MemoryUse.Embedding));
    }

    private static string Fixture(string name)
    {
        for (var here = new DirectoryInfo(AppContext.BaseDirectory); here is not null; here = here.Parent)
        {
            if (File.Exists(Path.Combine(here.FullName, "Octavo.slnx")))
                return Path.Combine(here.FullName, "tests", "Octavo.UnitTests", "Models", "released", name);
        }
        throw new InvalidOperationException("the repository's root was not found above the tests");
    }
}
