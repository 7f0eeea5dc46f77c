using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Cli.Bench;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Bench;

/// <summary>The verb on a tiny model: its document, its table, its comparison, and what it refuses.</summary>
public sealed class BenchVerbTests : IDisposable
{
    private static readonly string[] _top =
    [
        "version", "commit", "date", "model", "file_bytes", "isa", "exact", "threads", "kv", "activation_bits", "processor", "processors",
        "load_average_start", "load_average_end", "limits", "load_seconds", "peak_resident_bytes", "results",
    ];

    private static readonly string[] _result =
    [
        "kind", "tokens", "depth", "batch", "threads", "kv", "tokens_per_second", "seconds",
        "bandwidth_gb_s", "bandwidth_share", "gop_s", "gop_share",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public BenchVerbTests() => _model = TinyModels.WriteLlama(_folder.File("tiny"), contextLength: 256);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_Json_HasTheDocumentedForm()
    {
        using var terminal = new FakeTerminal();
        Run(terminal, "--prompt", "9,3", "--depth", "5,0", "--threads", "2,1", "--json").ShouldBe(0, terminal.Error);
        using var json = JsonDocument.Parse(terminal.Out);
        Names(json.RootElement).ShouldBe(_top);
        json.RootElement.GetProperty("model").GetString().ShouldBe("tiny");
        json.RootElement.GetProperty("limits").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("peak_resident_bytes").GetInt64().ShouldBeGreaterThan(1 << 20);
        var results = json.RootElement.GetProperty("results").EnumerateArray().ToList();
        results.Select(result => (Number(result, "threads"), Text(result, "kind"), Number(result, "tokens"), Number(result, "depth"))).ShouldBe(
        [
            (2, "prefill", 9, 0), (2, "prefill", 3, 0), (2, "decode", 2, 0), (2, "decode", 2, 5),
            (1, "prefill", 9, 0), (1, "prefill", 3, 0), (1, "decode", 2, 0), (1, "decode", 2, 5),
        ]);
        foreach (var result in results)
        {
            Names(result).ShouldBe(_result);
            Number(result.GetProperty("seconds"), "n").ShouldBe(2);
            result.GetProperty("tokens_per_second").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
            (result.GetProperty("bandwidth_gb_s").ValueKind == JsonValueKind.Number).ShouldBe(Text(result, "kind") == "decode");
        }
    }

    [Fact]
    public void Run_TextWithProbes_ShowsTestsAndLimits()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("bench", "--model", _model, "--prompt", "4", "--repetitions", "1", "--threads", "1").ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("prefill 4");
        terminal.Out.ShouldContain("read GB/s");
        terminal.Out.ShouldContain("%");
        terminal.Out.ShouldNotContain("decode");
    }

    [Fact]
    public void Run_CompareWithItself_HoldsAndNamesWhatOnlyOneHas()
    {
        var before = _folder.File("before.json");
        using var first = new FakeTerminal();
        Run(first, "--prompt", "4", "--depth", "3", "--out", before).ShouldBe(0, first.Error);
        File.Exists(before + ".incomplete").ShouldBeFalse();
        SetMedians(before, 1e-3);
        using var second = new FakeTerminal();
        Run(second, "--prompt", "4,5", "--compare", before).ShouldBe(0, second.Error);
        second.Out.ShouldContain("Only before: decode 2 at 3");
        second.Out.ShouldContain("Only now: prefill 5");
        second.Out.ShouldNotContain("Not alike");
    }

    [Fact]
    public void Run_CompareWithAFasterRun_ExitsWithOne()
    {
        var before = _folder.File("before.json");
        using var first = new FakeTerminal();
        Run(first, "--prompt", "4", "--exact", "--out", before).ShouldBe(0, first.Error);
        SetMedians(before, 1e12);
        using var second = new FakeTerminal();
        Run(second, "--prompt", "4", "--kv", "f32", "--compare", before, "--json").ShouldBe(1);
        using var json = JsonDocument.Parse(second.Out);
        var comparison = json.RootElement.GetProperty("comparison");
        comparison.GetProperty("holds").GetBoolean().ShouldBeFalse();
        comparison.GetProperty("differences").EnumerateArray().Select(said => said.GetString())
            .ShouldBe(["exact was True and is False now."]);
        comparison.GetProperty("tests")[0].GetProperty("ratio").GetDouble().ShouldBeLessThan(0.9);
    }

    [Fact]
    public void Run_CompareWithNothingInCommon_ExitsWithOne()
    {
        var before = _folder.File("before.json");
        using var first = new FakeTerminal();
        Run(first, "--prompt", "4", "--out", before).ShouldBe(0, first.Error);
        using var second = new FakeTerminal();
        Run(second, "--prompt", "5", "--compare", before).ShouldBe(1);
        second.Out.ShouldContain("nothing was compared");
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model":"m","file_bytes":1,"isa":"x","exact":true,"processor":"p","processors":1,"results":7}""")]
    [InlineData("""{"model":"m","file_bytes":1,"isa":"x","exact":true,"processor":"p","processors":1,"results":[{"kind":"decode"}]}""")]
    [InlineData("""{"model":"m","file_bytes":1,"isa":"x","exact":true,"processor":"p","processors":1,"results":[{"kind":"decode","tokens":1,"depth":0,"batch":1,"threads":1,"kv":"f32","tokens_per_second":{"median":0}}]}""")]
    [InlineData("""{"model":"m","file_bytes":1,"isa":"x","exact":true,"processor":"p","processors":1,"results":[{"kind":"decode","tokens":1e99,"depth":0,"batch":1,"threads":1,"kv":"f32","tokens_per_second":{"median":1}}]}""")]
    public void Run_CompareWithSomethingElse_ExitsWithThree(string text)
    {
        File.WriteAllText(_folder.File("other.json"), text);
        using var terminal = new FakeTerminal();
        Run(terminal, "--prompt", "4", "--compare", _folder.File("other.json")).ShouldBe(3);
        terminal.Out.ShouldBeEmpty();
        terminal.Error.ShouldContain("other.json");
    }

    [Theory]
    [InlineData(2, "--prompt: '0' is no whole number from 1", "--prompt", "0")]
    [InlineData(2, "--depth: 'x'", "--depth", "1,x")]
    [InlineData(2, "--depth has 3 twice", "--depth", "3,3")]
    [InlineData(2, "--threads: '257'", "--threads", "257")]
    [InlineData(2, "--tokens is 0", "--depth", "1", "--tokens", "0")]
    [InlineData(2, "--tokens has no effect", "--prompt", "1", "--tokens", "4")]
    [InlineData(2, "--repetitions is 1001", "--repetitions", "1001")]
    [InlineData(2, "--tolerance has no effect", "--tolerance", "0.2")]
    [InlineData(2, "--tolerance is 1;", "--tolerance", "1", "--compare", "x")]
    [InlineData(2, "--kv is 'f8'", "--kv", "f8")]
    [InlineData(2, "does not exist; make it first", "--out", "no/such/folder/x.json")]
    [InlineData(3, "no-such-file", "--compare", "no-such-file")]
    [InlineData(4, "takes 257 tokens", "--prompt", "257")]
    [InlineData(4, "takes 257 tokens", "--depth", "193")]
    [InlineData(2, "activation bits are 4", "--activations", "4")]
    [InlineData(2, "from 1 to 64", "--batch", "65", "--depth", "1")]
    [InlineData(2, "--batch has no effect", "--prompt", "1", "--batch", "1")]
    [InlineData(6, "'mmx'", "--isa", "mmx")]
    public void Run_WhatCannotBe_IsRefusedWithItsExit(int exit, string said, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["bench", "--model", _model, .. args]).ShouldBe(exit);
        terminal.Out.ShouldBeEmpty();
        terminal.Error.ShouldContain(said);
    }

    [Fact]
    public void PeakResidentBytes_OfThisProcess_IsTheKernelsFigure()
    {
        const string Status = "/proc/self/status";
        if (!File.Exists(Status))
            Assert.Skip("This system has no /proc.");
        var line = File.ReadLines(Status).First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        var bytes = 1024.0 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        (Machine.PeakResidentBytes() / bytes).ShouldBeInRange(0.99, 1.5);
    }

    private int Run(FakeTerminal terminal, params string[] args)
    {
        string[] tokens = args.Contains("--depth") ? ["--tokens", "2"] : [];
        return terminal.Run(["bench", "--model", _model, "--repetitions", "2", "--no-probe", .. tokens, .. args]);
    }

    private static void SetMedians(string path, double median)
    {
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        foreach (var result in root["results"]!.AsArray())
            result!["tokens_per_second"]!["median"] = median;
        File.WriteAllText(path, root.ToJsonString());
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
