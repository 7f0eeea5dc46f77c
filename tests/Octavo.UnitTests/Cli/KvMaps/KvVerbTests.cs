using System.Text.Json;
using System.Xml.Linq;
using Octavo.Cli.KvMaps;
using Octavo.TestKit;
using Octavo.UnitTests.Systems.ScBench;
using Shouldly;

namespace Octavo.UnitTests.Cli.KvMaps;

public class KvVerbTests
{
    private const string Context = "k5 v1 v2 k9 v3 v4 k7 v5 v6 k1 v7 v8 k2 v9 v10 k3 v11 v12 k4 v13 v14 k8 v15 v16";

    private static readonly string[] _asked = ["--prompt", Context, "--question", "Q k9", "--question", "Q k3", "--answer", "v3 v4"];

    private static JsonDocument Inspect(string kv, params string[] more)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(["kv", "inspect", "-m", BundledToy.Path, "--kv", kv, "--json", "--threads", "2", .. more]).ShouldBe(0, terminal.Error);
        return JsonDocument.Parse(terminal.Out);
    }

    private static int[] Kept(JsonElement map, int head) => [.. map.GetProperty("heads")[head].GetProperty("kept").EnumerateArray().Select(token => token.GetInt32())];

    [Theory]
    [InlineData("streamingllm:init=2,local=3", 8)]
    [InlineData("a_shape:init=2,local=3", 2)]
    public void Inspect_MethodsThatGoByPlaces_KeepThem(string kv, int heads)
    {
        using var json = Inspect(kv, _asked);
        var maps = json.RootElement.GetProperty("maps");
        maps.GetArrayLength().ShouldBe(2);
        // one pattern of a layer's heads is one row
        maps[0].GetProperty("heads").GetArrayLength().ShouldBe(heads);
        for (var head = 0; head < heads; head++)
            Kept(maps[0], head).ShouldBe([0, 1, 24, 25, 26]);
        maps[0].GetProperty("hitRate").GetDouble().ShouldBe(0);
        json.RootElement.GetProperty("shift").GetDouble().ShouldBe(0);
    }

    [Fact]
    public void Inspect_FullAndQuest_TellHitsAndShift()
    {
        using (var full = Inspect("full", _asked))
        {
            full.RootElement.GetProperty("maps")[1].GetProperty("hitRate").GetDouble().ShouldBe(1);
            full.RootElement.GetProperty("maps")[0].GetProperty("share").GetDouble().ShouldBe(1);
        }
        using var quest = Inspect("f32+quest:page=3,budget=9,min_pages=1", _asked);
        quest.RootElement.GetProperty("maps")[0].GetProperty("heads").GetArrayLength().ShouldBe(8);
        quest.RootElement.GetProperty("shift").GetDouble().ShouldBeInRange(0.05, 1);
        // the token after the prompt takes a place of the budget at most
        Kept(quest.RootElement.GetProperty("maps")[0], 3).Length.ShouldBeInRange(5, 9);
    }

    [Fact]
    public void Inspect_Picture_HasARowForEachHead()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("kept.svg");
        using var terminal = new FakeTerminal();
        terminal.Run(["kv", "inspect", "-m", BundledToy.Path, "--kv", "snapkv:window=2,budget=8", "-o", file, .. _asked]).ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("heads keep");
        terminal.Out.ShouldContain("from the first question to the second");
        var picture = XDocument.Load(file);
        picture.Descendants().Count(element => (string?)element.Attribute("class") == "none").ShouldBe(2 * 8);
        picture.Descendants().Count(element => (string?)element.Attribute("class") == "answer").ShouldBe(2);
    }

    [Fact]
    public void Columns_MoreTokensThanColumns_AreShares() => KvPicture.Columns([true, false, true, true], 2).ShouldBe([0.5, 1]);

    [Theory]
    [InlineData(2, "say what to do", "kv")]
    [InlineData(2, "there is no method", "kv", "inspect", "--prompt", "k5")]
    [InlineData(2, "does not stand in the prompt", "kv", "inspect", "-m", "scbench-toy", "--kv", "full", "--prompt", "k5", "--answer", "v9")]
    [InlineData(2, "leaves the prompt whole", "kv", "inspect", "--kv", "decoding(tova:budget=9)", "--prompt", "k5")]
    public void Mistake_IsToldWithItsExit(int exit, string message, params string[] args)
    {
        using var terminal = new FakeTerminal();
        terminal.Run(args).ShouldBe(exit, terminal.Error);
        terminal.Error.ShouldContain(message);
    }
}
