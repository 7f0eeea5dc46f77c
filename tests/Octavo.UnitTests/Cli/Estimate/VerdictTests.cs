using Octavo.Cli.Estimate;
using Octavo.Core.Tensors;
using Octavo.Engine;
using Octavo.Models;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Estimate;

public class VerdictTests
{
    private const long Gigabyte = 1_000_000_000;

    private static readonly TextModel _model = Architectures.Describe(
        Repository.At("tests", "Octavo.UnitTests", "Models", "released", "llama-3.1-8b.json"));

    [Theory]
    [InlineData(60, nameof(Fit.Fits), "Fits: ")]
    [InlineData(35, nameof(Fit.Tight), "Fits barely: ")]
    [InlineData(21, nameof(Fit.Slow), "Runs, but slowly: ")]
    [InlineData(16, nameof(Fit.TooLarge), "Does not fit: ")]
    public void Of_LessAndLessMemory_GetsWorse(int gigabytes, string fit, string says)
    {
        // 15 GB of mapped weights and 17 GB of keys and values
        var verdict = Judge(TensorType.BF16, gigabytes * Gigabyte, 1);
        verdict.Fit.ToString().ShouldBe(fit);
        verdict.Line.ShouldStartWith(says);
        verdict.Advice.Any().ShouldBe(gigabytes != 60);
    }

    [Fact]
    public void Of_TooLongAContext_NamesTheLongestThatFits()
    {
        var advice = Judge(TensorType.Q4_K, 12 * Gigabyte, 1).Advice;
        var context = int.Parse(advice.Single(line => line.StartsWith("--context ", StringComparison.Ordinal)).Split(' ', ':')[1]);
        Estimate(TensorType.Q4_K, 1, new() { Context = context }).Total.ShouldBeLessThanOrEqualTo((long)(0.9 * 12 * Gigabyte));
        Estimate(TensorType.Q4_K, 1, new() { Context = context + 128 }).Total.ShouldBeGreaterThan((long)(0.9 * 12 * Gigabyte));
    }

    [Fact]
    public void Of_NothingHelps_SaysTheLeastThatItTakes() =>
        Judge(TensorType.BF16, Gigabyte, 4).Advice.ShouldHaveSingleItem().ShouldContain("take a smaller model");

    [Fact]
    public void Of_SeveralSequences_NamesFewerThatFit() =>
        Judge(TensorType.Q4_K, 45 * Gigabyte, 8).Advice.ShouldContain(line => line.StartsWith("--batch 2: ", StringComparison.Ordinal));

    [Fact]
    public void Parse_KernelsFigures_TakesWhatIsAvailable()
    {
        FreeMemory.Parse(["MemTotal:       24684084 kB", "MemAvailable:    2048 kB"]).ShouldBe(2048 * 1024);
        FreeMemory.Parse(["MemTotal:       24684084 kB"]).ShouldBeNull();
    }

    private static Verdict Judge(TensorType type, long free, int batch) =>
        Verdict.Of(Estimate(type, batch, new()), free, change => Estimate(type, batch, change));

    private static MemoryEstimate Estimate(TensorType type, int batch, Change change) => MemoryEstimate.For(
        _model, change.Type ?? type, new EngineOptions { Threads = 2, ContextLength = change.Context, KvType = change.Kv }, change.Batch ?? batch);
}
