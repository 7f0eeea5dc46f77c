using System.Globalization;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>What a process that answers for hours must not do. Runs alone, since it measures the whole process.</summary>
[Collection(nameof(Alone))]
public class LongMemoryTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact(Explicit = true)]
    [Trait("Long", "memory")]
    public void Batch_TwentyThousandTokensOfTheBundledModel_MemoryStaysFlat()
    {
        using var model = LanguageModel.Load(
            Repository.BundledModel, new EngineOptions { Threads = 2, PrefixCacheBytes = 32 * Megabyte });
        using var batch = new Batch(model);
        var produced = Round(model, batch, 0);
        for (var round = 1; round < 5; round++)
            produced += Round(model, batch, round);
        var (heap, resident) = Measure();

        for (var round = 5; round < 20; round++)
            produced += Round(model, batch, round);

        produced.ShouldBe(20_000);
        var (heapAfter, residentAfter) = Measure();
        (heapAfter - heap).ShouldBeLessThan(Megabyte);
        (residentAfter - resident).ShouldBeLessThan(8 * Megabyte);
    }

    // what the collector keeps of garbage for later is not the engine's
    private static (long Heap, long Resident) Measure()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(true), Private());
    }

    // pages of the mapped file, such as the rows of new tokens in the embedding table, come and go as the system likes
    private static long Private()
    {
        if (!OperatingSystem.IsLinux())
            return Environment.WorkingSet;
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Four sequences of 250 tokens behind prompts that no other round has.</summary>
    private static int Round(LanguageModel model, Batch batch, int round)
    {
        for (var i = 0; i < 4; i++)
        {
            var prompt = ChatPrompt.Of(model).Encode([("user", $"Tell a story of {round} ships and {i} harbours.")]);
            batch.Join(prompt, new GenerationOptions { MaxTokens = 250, IgnoreEnd = true, Temperature = 1, Seed = (ulong)((100 * round) + i) });
        }
        var produced = 0;
        while (batch.Count > 0)
        {
            foreach (var token in batch.Step())
                produced += token.Error is null ? 1 : 0;
        }
        return produced;
    }
}
