using System.Globalization;
using System.Runtime.InteropServices;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Engine.Running;

/// <summary>What a process that answers for hours must not do. Runs alone, since it measures the whole process.</summary>
[Collection(nameof(Alone))]
public class LongMemoryTests
{
    private const int Megabyte = 1024 * 1024;
    private const int Rounds = 20;

    [Fact(Explicit = true)]
    [Trait("Long", "memory")]
    public void Batch_TwentyThousandTokensOfTheBundledModel_MemoryStaysFlat()
    {
        using var model = LanguageModel.Load(
            Repository.BundledModel, new EngineOptions { Threads = 2, PrefixCacheBytes = 32 * Megabyte });
        using var batch = new Batch(model);
        var produced = 0;
        var held = new (long Heap, long Private)[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            produced += Round(model, batch, round);
            held[round] = Measure();
        }

        produced.ShouldBe(20_000);
        var told = string.Join(", ", held.Select(round => $"{round.Heap / 1024}+{round.Private / 1024}"));
        Growth(held, round => round.Heap).ShouldBeLessThan(Megabyte, told);
        Growth(held, round => round.Private).ShouldBeLessThan(4 * Megabyte, told);
    }

    // The runtime compiles hot code again beside the answers and takes megabytes for each method: the least of five rounds is without them.
    private static long Growth((long Heap, long Private)[] held, Func<(long Heap, long Private), long> of) =>
        held[^5..].Min(of) - held[5..10].Min(of);

    // what the collector and the C library keep of garbage for later is not the engine's
    private static (long Heap, long Private) Measure()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Trim();
        return (GC.GetTotalMemory(true), Private());
    }

    // What is freed stays in the heaps of the threads that took it, most of all what the compiler worked in: glibc gives it back when told to.
    private static unsafe void Trim()
    {
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var trim))
            _ = ((delegate* unmanaged<nuint, int>)trim)(0);
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
