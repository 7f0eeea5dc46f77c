using Octavo.Core;
using Octavo.Engine;
using Octavo.Models;
using Octavo.Models.Adapters;
using Octavo.TestKit;
using Octavo.UnitTests.Models.Adapters;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>Of every family, with matrices that are stored as one among them: an adapter beside the weights is the same as one merged into them.</summary>
public sealed class AdapterFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Decoders => FamilyTests.Decoders;

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Forward_AdapterBeside_EqualsMerged(string name)
    {
        foreach (var config in (AdapterConfig[])[TinyAdapter.All(), TinyAdapter.All(dora: true, stabilized: true)])
        {
            using var model = LanguageModel.Load(Repository.At("golden", "decoders", name), new EngineOptions { Exact = true, Threads = 2 });
            var adapter = TinyAdapter.Make(model.Checkpoint.Model, 7, config);
            model.AddAdapter(adapter, "a");
            var place = _folder.File($"{config.Dora}");
            ModelConversion.PlanMerge(model.Checkpoint, adapter, ModelFormat.Hub, type: null).Write(place);
            using var merged = LanguageModel.Load(place, new EngineOptions { Exact = true, Threads = 2 });

            var tokens = Enumerable.Range(0, 40).Select(i => i * 31 % model.Checkpoint.Model.VocabularySize).ToArray();
            var (beside, within, without) = (Logits(model, tokens, "a"), Logits(merged, tokens, null), Logits(model, tokens, null));
            var scale = within.Max(MathF.Abs);
            for (var i = 0; i < beside.Length; i++)
                beside[i].ShouldBe(within[i], 1e-5f * (1 + scale), $"logit {i}, DoRA {config.Dora}");
            without.Zip(within).Max(pair => MathF.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(0.01f * scale);
        }
    }

    [Theory]
    [InlineData("gguf/files/llama")]
    [InlineData("gguf/files/phi3")]
    [InlineData("gguf/files/qwen2")]
    [InlineData("gguf/files/gemma2")]
    public void PlanMerge_Gguf_EqualsTheAdapterBeside(string golden)
    {
        using var model = LanguageModel.Load(Path.Combine(Core.Tensors.GoldenFolder.Find(golden), "model.gguf"), new EngineOptions { Exact = true });
        var adapter = TinyAdapter.Make(model.Checkpoint.Model, 8);
        model.AddAdapter(adapter, "a");
        var tokens = Enumerable.Range(0, 30).Select(i => i * 31 % model.Checkpoint.Model.VocabularySize).ToArray();
        var beside = Logits(model, tokens, "a");
        foreach (var (format, place) in ((ModelFormat, string)[])[(ModelFormat.Gguf, "merged.gguf"), (ModelFormat.Hub, "merged")])
        {
            ModelConversion.PlanMerge(model.Checkpoint, adapter, format, Octavo.Core.Tensors.TensorType.F32).Write(_folder.File(place));
            using var merged = LanguageModel.Load(_folder.File(place), new EngineOptions { Exact = true });
            var within = Logits(merged, tokens, null);
            var scale = within.Max(MathF.Abs);
            for (var i = 0; i < beside.Length; i++)
                beside[i].ShouldBe(within[i], 2e-5f * (1 + scale), $"logit {i} of {format}");
        }
    }

    [Fact]
    public void PlanMerge_QuantizedBase_NeedsAType()
    {
        using var source = Checkpoint.Open(Repository.BundledModel);
        var adapter = TinyAdapter.Make(source.Model, 1, TinyAdapter.All(rank: 1));
        Should.Throw<ConfigException>(() => ModelConversion.PlanMerge(source, adapter, ModelFormat.Hub, null)).Message.ShouldContain("Q4_1");
        var plan = ModelConversion.PlanMerge(source, adapter, ModelFormat.Gguf, Octavo.Core.Tensors.TensorType.Q8_0);
        plan.Notes.ShouldContain(note => note.Contains("rounded away"));
        plan.Notes.ShouldContain(note => note.Contains("210 matrices"));
    }

    [Fact]
    public void AddAdapter_Encoder_IsRefused()
    {
        using var encoder = TextEncoder.Load(Repository.At("golden", "encoders", "minilm"));
        Should.Throw<UnsupportedException>(() => encoder.Model.AddAdapter("anything")).Message.ShouldContain("encoder");
    }

    private static float[] Logits(LanguageModel model, int[] tokens, string? adapter)
    {
        using var session = model.NewSession(adapter);
        return session.ForwardAll(tokens);
    }
}
