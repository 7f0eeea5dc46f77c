using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.EndToEndTests;

public class BenchTests
{
    [Fact]
    public void Bench_BundledModel_MeasuresItAndTheMachine()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("run.json");
        var result = OctavoProgram.Run("bench", "--prompt", "16", "--depth", "8", "--tokens", "4", "--repetitions", "2", "--threads", "2,1", "--json", "--out", file);
        result.Exit.ShouldBe(0, result.Error);
        File.ReadAllText(file).ShouldBe(result.Out);
        using var json = JsonDocument.Parse(result.Out);
        json.RootElement.GetProperty("model").GetString().ShouldBe("SmolLM2-135M-Instruct.Q4_1.gguf");
        json.RootElement.GetProperty("file_bytes").GetInt64().ShouldBeGreaterThan(98_000_000);
        json.RootElement.GetProperty("limits").GetProperty("read_gb_s").GetDouble().ShouldBeGreaterThan(0);
        json.RootElement.GetProperty("limits").GetProperty("by_threads").GetArrayLength().ShouldBe(2);
        var results = json.RootElement.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(4);
        foreach (var test in results)
            test.GetProperty("gop_share").GetDouble().ShouldBeInRange(1e-6, 2);
        // the weights pass once per token: what is reached cannot be far above what can be read
        results[1].GetProperty("bandwidth_share").GetDouble().ShouldBeInRange(1e-4, 2);
    }
}
