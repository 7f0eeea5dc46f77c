using Octavo.Engine;
using Octavo.Engine.Benchmarks;
using Octavo.Models;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Benchmarks;

public sealed class WorkloadTests : IDisposable
{
    private const int LayerWeights = (2 * 64 * 64) + (2 * 32 * 64) + (3 * 96 * 64);
    private const int HeadWeights = 160 * 64;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Workload_OfTheTinyLlama_CountsWhatItsMathematicsNeeds()
    {
        using var checkpoint = Checkpoint.Open(TinyModels.WriteLlama(_folder.Path));
        var workload = new Workload(checkpoint, exact: false, KvType.F32);
        var weights = 4L * ((2 * (LayerWeights + 128)) + 64 + HeadWeights);
        workload.WeightBytes.ShouldBe(weights);
        // two layers, two key-value heads of 16, keys and values of 4 bytes: 512 bytes for each position that is seen
        workload.CacheBytes(3, 2).ShouldBe(512 * (4 + 5));
        // two layers, four heads of 16, a product and a sum for scores and for outputs: 512 for each position
        workload.Compute(0, 3, 1).ShouldBe(new Operations(0, (2 * 3 * 2 * LayerWeights) + (2 * HeadWeights) + (512 * (1 + 2 + 3))));
    }

    [Fact]
    public void Workload_SlidingWindow_SeesNoMoreThanTheWindow()
    {
        var path = TinyModels.WriteLlama(_folder.Path, changes: config =>
        {
            config["architectures"] = new System.Text.Json.Nodes.JsonArray("MistralForCausalLM");
            config["model_type"] = "mistral";
            config["sliding_window"] = 4;
        });
        using var checkpoint = Checkpoint.Open(path);
        var workload = new Workload(checkpoint, exact: false, KvType.F32);
        workload.CacheBytes(2, 4).ShouldBe(512 * (3 + 4 + 4 + 4));
    }

    [Fact]
    public void Workload_RoundedWeights_AreIntegerWorkUnlessExact()
    {
        using var checkpoint = Checkpoint.Open(Repository.BundledModel);
        var rounded = new Workload(checkpoint, exact: false).Compute(0, 1, 1);
        var exact = new Workload(checkpoint, exact: true).Compute(0, 1, 1);
        rounded.Integer.ShouldBe(2.0 * 134_479_872); // all matrices of the model, the tied one once
        exact.Integer.ShouldBe(0);
        exact.Total.ShouldBe(rounded.Total);
    }
}
