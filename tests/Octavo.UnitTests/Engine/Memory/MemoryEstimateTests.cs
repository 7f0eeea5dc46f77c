using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Engine.Kernels;
using Octavo.Engine.Running;
using Octavo.Models;
using Octavo.TestKit;
using Octavo.UnitTests.Engine.Running;
using Octavo.UnitTests.Models;
using Shouldly;

namespace Octavo.UnitTests.Engine.Memory;

/// <summary>Every part that the engine allocates is compared with what it allocates, byte for byte.</summary>
public class MemoryEstimateTests
{
    public static TheoryData<string> Models =>
    [
        .. FamilyTests.Decoders.Concat(FamilyTests.Encoders).Select(row => Find(row.Data)), .. GgufFiles(),
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void For_EveryGolden_CountsTheWeightsAsTheEngineHoldsThem(string path)
    {
        foreach (var exact in (bool[])[false, true])
        {
            var options = new EngineOptions { Threads = 2, Exact = exact };
            using var model = LanguageModel.Load(Repository.At(path), options);
            var estimate = MemoryEstimate.For(model.Checkpoint, options);
            estimate.Of(MemoryUse.PackedWeights).ShouldBe(model.PackedBytes);
            estimate.Of(MemoryUse.CopiedWeights).ShouldBe(model.CopiedBytes);
            var stored = model.Checkpoint.Weights.Tensors.Sum(tensor => tensor.ByteLength);
            estimate.Of(MemoryUse.MappedWeights).ShouldBeLessThanOrEqualTo(stored);
            if (exact)
                estimate.Of(MemoryUse.MappedWeights).ShouldBeGreaterThan(stored / 2);
            MemoryEstimate.For(model.Checkpoint, options with { MemoryMap = false }).Of(MemoryUse.ReadWeights).ShouldBe(stored);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void WorkspaceSizes_EveryGolden_AreThoseOfTheWorkspace(string path)
    {
        using var checkpoint = Checkpoint.Open(Repository.At(path));
        using var lowered = new LoweredModel(checkpoint, null);
        foreach (var kernels in KernelSets.Available)
        {
            var rows = ForwardPass.RowsOf(checkpoint.Model);
            using var workspace = new Workspace(lowered, kernels, 2, rows, 16);
            new WorkspaceSizes(checkpoint.Model, kernels, 2, rows).Bytes.ShouldBe(workspace.Bytes, kernels.Name);
        }
    }

    [Theory]
    [InlineData(KvType.F32, 1, 200)]
    [InlineData(KvType.F16, 3, 130)]
    [InlineData(KvType.Q8, 5, 64)]
    public void For_FilledSequences_CountsTheirPages(KvType type, int batch, int context)
    {
        var options = new EngineOptions { Threads = 1, KvType = type, ContextLength = context, PrefixCacheBytes = 0 };
        using var model = LanguageModel.Load(Repository.At("golden", "decoders", "qwen3"), options);
        var sessions = Enumerable.Range(0, batch).Select(_ => model.NewSession()).ToList();
        foreach (var session in sessions)
            session.Forward(Enumerable.Repeat(1, context).ToArray());
        var estimate = MemoryEstimate.For(model.Checkpoint, options, batch);
        var tables = batch * ((model.Layers * ((context + 63) / 64)) + (2 * context)) * sizeof(int);
        estimate.Of(MemoryUse.Cache).ShouldBe(model.KvBytes + tables);
        sessions.ForEach(session => session.Dispose());
    }

    [Fact]
    public void For_MoreOfEverything_TakesMore()
    {
        var model = TinyConfig.Hub().Describe();
        var options = new EngineOptions { Threads = 2, ContextLength = 64 };
        var estimate = MemoryEstimate.For(model, TensorType.F16, options);
        MemoryEstimate.For(model, TensorType.F32, options).Of(MemoryUse.MappedWeights).ShouldBe(2 * estimate.Of(MemoryUse.MappedWeights));
        MemoryEstimate.For(model, TensorType.F16, options, batch: 4).Of(MemoryUse.Logits).ShouldBe(4 * estimate.Of(MemoryUse.Logits));
        MemoryEstimate.For(model, TensorType.F16, options with { Threads = 9 }).Of(MemoryUse.Activations).ShouldBeGreaterThan(estimate.Of(MemoryUse.Activations));
        // rows of 24 fill no block of 32
        MemoryEstimate.For(model, TensorType.Q8_0, options).Parts.ShouldBe(estimate.Parts);
    }

    [Fact]
    public void For_TiedHead_CountsTheTableAsTheHead()
    {
        var options = new EngineOptions { Threads = 1 };
        var untied = MemoryEstimate.For(TinyConfig.Hub().Describe(), TensorType.F32, options);
        var tied = MemoryEstimate.For(TinyConfig.Hub().With("tie_word_embeddings", true).Describe(), TensorType.F32, options);
        tied.Of(MemoryUse.MappedWeights).ShouldBe(untied.Of(MemoryUse.MappedWeights));
        tied.Of(MemoryUse.Embedding).ShouldBe(0);
        untied.Of(MemoryUse.Embedding).ShouldBe(40 * 24 * 4 / 2);
    }

    [Theory]
    [InlineData(65, 1, "made for 64")]
    [InlineData(64, 0, "1 to 64")]
    [InlineData(64, 65, "1 to 64")]
    public void For_WrongOptions_AreRefusedByName(int context, int batch, string says) =>
        Should.Throw<ConfigException>(() => MemoryEstimate.For(
            TinyConfig.Hub().Describe(), TensorType.F32, new EngineOptions { ContextLength = context }, batch)).Message.ShouldContain(says);


    private static string Find(string name) =>
        new[] { "decoders", "encoders" }.Select(group => Path.Combine("golden", group, name)).First(path => Directory.Exists(Repository.At(path)));

    private static IEnumerable<string> GgufFiles() => Directory.EnumerateFiles(Repository.At("golden", "gguf", "files"), "*.gguf", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(Repository.Root, path));
}
