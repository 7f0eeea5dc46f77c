using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>Options that would have no effect are refused, and what a model says of itself is so.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoQuantizedWeights_RoundsNoActivations()
    {
        var path = TinyModels.WriteLlama(_folder.Path);
        using var model = LanguageModel.Load(path);
        model.ActivationBits.ShouldBe(32);
        Should.Throw<ConfigException>(() => LanguageModel.Load(path, new EngineOptions { ActivationBits = 8 })).Message.ShouldContain("no quantized weights");
    }

    [Fact]
    public void Load_MappedCheckpointWithoutAMap_IsRefused()
    {
        var path = TinyModels.WriteLlama(_folder.Path);
        var unmapped = new EngineOptions { MemoryMap = false };
        Should.Throw<ConfigException>(() => LanguageModel.Load(Checkpoint.Open(path), unmapped)).Message.ShouldContain("mapped already");
        using var model = LanguageModel.Load(Checkpoint.Open(path, memoryMap: false), unmapped);
        model.Checkpoint.IsMemoryMapped.ShouldBeFalse();
    }

    [Fact]
    public void Probe_UsesTheModelItLooksInto_IsRefused()
    {
        using var model = LanguageModel.Load(TinyModels.WriteLlama(_folder.Path));
        using var session = model.NewSession();
        using var other = model.NewSession();
        Should.Throw<InvalidOperationException>(() => session.ForwardAll([1, 2], probe: (_, _, _) => other.Forward([3])));
        Should.Throw<InvalidOperationException>(() => session.ForwardAll([1, 2], probe: (_, _, _) => model.Dispose()));
        session.ForwardAll([1, 2]).Length.ShouldBe(2 * 160);
    }

    [Fact]
    public void ForwardAll_MoreNumbersThanAnArrayHolds_IsRefused()
    {
        // 160 outputs for each of 14 million tokens
        using var model = LanguageModel.Load(TinyModels.WriteLlama(_folder.Path, contextLength: 20_000_000));
        using var session = model.NewSession();
        Should.Throw<ResourceException>(() => session.ForwardAll(new int[14_000_000])).Message.ShouldContain("2240000000 numbers");
        session.Tokens.Length.ShouldBe(0);
    }
}
