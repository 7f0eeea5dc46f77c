using Octavo.Cli.Parity;
using Octavo.Cli.Verbs;
using Octavo.Engine;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.ParityTests;

/// <summary>That a comparison can fail: a golden with one number changed must not hold.</summary>
public class ParityVerbTests
{
    private static readonly ParityContext _context = new(new EngineOptions { Exact = true, Threads = 1 }, CancellationToken.None);

    [Theory]
    [InlineData("decoders/llama")]
    [InlineData("gguf/quants/Q4_1")]
    public void Run_OutputChanged_Fails(string name)
    {
        using var folder = Copy(name);
        var path = folder.File("io.safetensors");
        var bytes = File.ReadAllBytes(path);
        // The last bytes are the end of the last output's last number.
        bytes[^1] ^= 0x41;
        bytes[^3] ^= 0x41;
        File.WriteAllBytes(path, bytes);
        var result = GoldenResult.Of(folder.Path, _context);
        result.Status.ShouldBe(GoldenStatus.Failed);
        result.Outputs.Count(output => !output.Holds).ShouldBe(1);
    }

    [Theory]
    [InlineData("tokenizers/smollm2", "\"ids\": [216]", "\"ids\": [217]")]
    [InlineData("gguf/metadata", "\"alignment\": 64", "\"alignment\": 32")]
    [InlineData("chat-templates/features", "\"rendered\": \"none\"", "\"rendered\": \"some\"")]
    public void Run_CaseChanged_Fails(string name, string from, string to)
    {
        using var folder = Copy(name);
        var cases = File.ReadAllText(folder.File("cases.json"));
        cases.ShouldContain(from);
        File.WriteAllText(folder.File("cases.json"), cases.Replace(from, to, StringComparison.Ordinal));
        GoldenResult.Of(folder.Path, _context).Status.ShouldBe(GoldenStatus.Failed);
    }

    [Fact]
    public void Run_KindUnknown_SaysSoByName()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("golden.json"), """{"kind": "tea-leaves"}""");
        var result = GoldenResult.Of(folder.Path, _context);
        result.Status.ShouldBe(GoldenStatus.Unsupported);
        result.Message.ShouldNotBeNull().ShouldContain("tea-leaves");
        ParityVerb.ExitOf([result]).ShouldBe(6);
    }

    [Theory]
    [InlineData(0, "Passed", "Passed")]
    [InlineData(1, "Passed", "Failed")]
    [InlineData(1, "Unsupported", "Failed")]
    [InlineData(6, "Unsupported", "Passed")]
    [InlineData(2, "Missing", "Unsupported")]
    public void ExitOf_Statuses_WorstDecides(int exit, string first, string second) =>
        ParityVerb.ExitOf([Of(first), Of(second)]).ShouldBe(exit);

    private static GoldenResult Of(string status) => new("folder", "kind", Enum.Parse<GoldenStatus>(status), [], null);

    private static TemporaryFolder Copy(string name)
    {
        var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Repository.At("golden", name)))
            File.Copy(file, folder.File(Path.GetFileName(file)));
        return folder;
    }
}
