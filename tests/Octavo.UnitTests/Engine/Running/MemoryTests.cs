using Octavo.Engine;
using Octavo.Engine.Sampling;
using Octavo.TestKit;
using Octavo.UnitTests.Models.Adapters;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>Generation leaves the managed heap alone. These run alone, since the counter counts every thread.</summary>
[Collection(nameof(Alone))]
public class MemoryTests
{
    public static TheoryData<string> Samplings => ["greedy", "penalties", "top-k", "top-p", "min-p", "all"];

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Decode_ThousandStepsOnTwoThreads_AllocatesNothing(string sampling)
    {
        using var folder = new TemporaryFolder();
        using var model = LanguageModel.Load(TinyModels.WriteLlama(folder.Path), new EngineOptions { Threads = 2 });
        using var session = model.NewSession();
        var sampler = new Sampler(Options(sampling), 160);
        var next = Decode(session, sampler, 1, 200);
        // A tiered compilation in the background may allocate once; three tries show that the loop itself does not.
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(true);
            next = Decode(session, sampler, next, 1000);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }
        least.ShouldBe(0);
    }

    [Fact]
    public void Decode_WithAnAdapter_AllocatesNothing()
    {
        using var folder = new TemporaryFolder();
        using var model = LanguageModel.Load(TinyModels.WriteLlama(folder.Path), new EngineOptions { Threads = 2 });
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 1), "a");
        model.AddAdapter(TinyAdapter.Make(model.Checkpoint.Model, 2, TinyAdapter.All(dora: true)), "b");
        using var batch = new Batch(model);
        foreach (var name in (string?[])["a", null, "b", "a"])
            batch.Join([1, 2, 3], Options("greedy") with { Adapter = name, MaxTokens = 5000, IgnoreEnd = true, WithoutText = true });
        for (var step = 0; step < 200; step++)
            batch.Step();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(true);
            for (var step = 0; step < 300; step++)
                batch.Step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }
        least.ShouldBe(0);
        batch.Count.ShouldBe(4);
    }

    [Fact]
    public void Batch_HundredsOfStepsOfEight_AllocatesNothing()
    {
        using var folder = new TemporaryFolder();
        using var model = LanguageModel.Load(TinyModels.WriteLlama(folder.Path), new EngineOptions { Threads = 2 });
        using var batch = new Batch(model);
        var samplings = Samplings.Select(row => (string)row.Data).ToList();
        for (var i = 0; i < 8; i++)
            batch.Join([1, i], Options(samplings[i % samplings.Count]) with { MaxTokens = 5000, IgnoreEnd = true, WithoutText = true });
        for (var step = 0; step < 200; step++)
            batch.Step();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3 && least > 0; attempt++)
        {
            var before = GC.GetTotalAllocatedBytes(true);
            for (var step = 0; step < 300; step++)
                batch.Step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(true) - before);
        }
        least.ShouldBe(0);
        batch.Count.ShouldBe(8);
    }

    [Fact]
    public void Decode_FiveThousandTokens_MemoryStaysFlat()
    {
        using var folder = new TemporaryFolder();
        using var model = LanguageModel.Load(TinyModels.WriteLlama(folder.Path), new EngineOptions { Threads = 2 });
        using var session = model.NewSession();
        var sampler = new Sampler(new GenerationOptions(), 160);
        var next = Decode(session, sampler, 1, 1000);
        GC.Collect();
        var (heap, resident) = (GC.GetTotalMemory(true), Environment.WorkingSet - model.KvBytes);
        Decode(session, sampler, next, 4000);
        (GC.GetTotalMemory(true) - heap).ShouldBeLessThan(256 * 1024);
        (Environment.WorkingSet - model.KvBytes - resident).ShouldBeLessThan(20 * 1024 * 1024);
    }

    private static int Decode(Session session, Sampler sampler, int next, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            next = sampler.Choose(session.Forward(new ReadOnlySpan<int>(in next)));
            sampler.Accept(next);
        }
        return next;
    }

    private static GenerationOptions Options(string sampling) => sampling switch
    {
        "penalties" => new() { RepetitionPenalty = 1.1f, PresencePenalty = 0.1f, FrequencyPenalty = 0.1f },
        "top-k" => new() { Temperature = 1, TopK = 40 },
        "top-p" => new() { Temperature = 1, TopP = 0.9f },
        "min-p" => new() { Temperature = 1, MinP = 0.05f },
        "all" => new() { Temperature = 0.8f, TopK = 50, TopP = 0.95f, MinP = 0.01f, RepetitionPenalty = 1.1f },
        _ => new(),
    };
}

/// <summary>Tests that measure the whole process and so run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
