using System.Text.Json;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Cli.Estimate;

public sealed class EstimateVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Estimate_Checkpoint_PartsAddUpToTheTotal()
    {
        using var json = Run("--context", "256", "--batch", "2", "--kv", "q8", "--threads", "1");
        var root = json.RootElement;
        root.GetProperty("contextLength").GetInt32().ShouldBe(256);
        root.GetProperty("batch").GetInt32().ShouldBe(2);
        root.GetProperty("kv").GetString().ShouldBe("q8");
        root.GetProperty("weights").GetString().ShouldBe("F32, as they are stored");
        var parts = root.GetProperty("parts").EnumerateArray().ToList();
        parts.Select(part => part.GetProperty("use").GetString())
            .ShouldBe(["mappedWeights", "copiedWeights", "cache", "activations", "logits", "runtime"]);
        parts.Sum(part => part.GetProperty("bytes").GetInt64()).ShouldBe(root.GetProperty("totalBytes").GetInt64());
        root.GetProperty("freeBytes").GetInt64().ShouldBeGreaterThan(0);
        root.GetProperty("verdict").GetString().ShouldBe("fits");
    }

    [Fact]
    public void Estimate_ConfigAlone_AssumesBf16AndSaysSo()
    {
        TinyModels.WriteLlama(_folder.Path);
        File.Delete(_folder.File("model.safetensors"));
        using var assumed = Json(_folder.File("config.json"));
        assumed.RootElement.GetProperty("weights").GetString()!.ShouldStartWith("assumed to be BF16");
        using var given = Json(_folder.Path, "--type", "f32");
        given.RootElement.GetProperty("weights").GetString().ShouldBe("F32, of which there are none here");
        Part(given, "mappedWeights").ShouldBe(2 * Part(assumed, "mappedWeights"));
    }

    [Fact]
    public void Estimate_Type_ConvertsWhatIsStored()
    {
        using var stored = Run();
        using var converted = Run("--type", "Q8_0");
        Part(stored, "packedWeights").ShouldBe(0);
        // rows of 64 and of 96 fill blocks: every matrix is packed, 272 bytes for 8 rows of 32
        Part(converted, "packedWeights").ShouldBe(((160 * 64) + (2 * ((64 * 64 * 2) + (32 * 64 * 2) + (96 * 64 * 3)))) / 256 * 272);
        Part(converted, "mappedWeights").ShouldBe(0);
    }

    [Theory]
    [InlineData("--type is 'Q9'", "--type", "Q9")]
    [InlineData("made for 8192", "--context", "9000")]
    [InlineData("1 to 64", "--batch", "0")]
    [InlineData("--kv is 'f8'", "--kv", "f8")]
    [InlineData("'--activations' is not an option", "--activations", "8")]
    public void Estimate_WrongOption_IsRefused(string says, string option, string value)
    {
        using var terminal = new FakeTerminal();
        terminal.Run("estimate", TinyModels.WriteLlama(_folder.Path), option, value).ShouldBe(2);
        terminal.Error.ShouldContain(says);
        terminal.Out.ShouldBeEmpty();
    }

    [Fact]
    public void Estimate_FolderOfNothing_SaysWhatIsMissing()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("estimate", _folder.Path).ShouldBe(3);
        terminal.Error.ShouldContain("neither weights nor a config.json");
    }

    [Fact]
    public void Estimate_Text_EndsWithTheVerdict()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("estimate", TinyModels.WriteLlama(_folder.Path), "--batch", "3").ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("3 sequences at once");
        terminal.Out.TrimEnd().Split('\n')[^1].ShouldMatch(@"^Fits: [\d.]+ MB of [\d.]+ [GM]B free\.$");
    }

    private static long Part(JsonDocument json, string use) => json.RootElement.GetProperty("parts").EnumerateArray()
        .Where(part => part.GetProperty("use").GetString() == use).Sum(part => part.GetProperty("bytes").GetInt64());

    private JsonDocument Run(params string[] options) => Json(TinyModels.WriteLlama(_folder.Path), options);

    private static JsonDocument Json(string model, params string[] options)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["estimate", model, .. options, "--json"]).ShouldBe(0, terminal.Error);
        return JsonDocument.Parse(terminal.Out);
    }
}
