using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.TestKit;
using Shouldly;

namespace Octavo.UnitTests.Core.Safetensors;

public class ShardNameTests
{
    public static TheoryData<string> BadNames =>
    [
        "", ".", "..", "/", "../model.safetensors", "../../etc/passwd", "..\\model.safetensors", "sub/model.safetensors",
        "sub\\model.safetensors",
        "/model.safetensors", "/etc/passwd", "C:\\model.safetensors", "C:model.safetensors", "\\\\server\\share\\model.safetensors",
        "//server/share/model.safetensors", "\\\\?\\C:\\model.safetensors", "file:///model.safetensors", "https://host/model.safetensors",
        "%2e%2e/model.safetensors", "%2e%2e%2fmodel.safetensors", "..%2fmodel.safetensors", "..%5cmodel.safetensors",
        "model%00.safetensors",
        "model.safetensors\0", "mo\0del.safetensors", "model\0.safetensors", "model.safetensors.", "model.safetensors..",
        "model.safetensors ",
        " model.safetensors", "model .safetensors", "model.safetensors\n", "model.safetensors\r\n", "\nmodel.safetensors",
        "model.safetensors/",
        "model.safetensors/.", "./model.safetensors", "model.SAFETENSORS", "model.Safetensors", "model.safetensorſ", ".safetensors",
        "safetensors",
        "model", "model.bin", "model.safetensors.index.json", "model.safetensors:stream", "model.safetensors::$DATA", "~/model.safetensors",
        "$HOME.safetensors", "model*.safetensors", "model?.safetensors", "modèle.safetensors", "ｍodel.safetensors", "model．safetensors",
        "model\u202Esrosnetefas.safetensors", "..／model.safetensors", "CON.safetensors", "nul.safetensors", "Aux.x.safetensors",
        "com1.safetensors",
        "LPT9.safetensors", "model\t.safetensors", "model;.safetensors", "model|.safetensors",
    ];

    [Theory, MemberData(nameof(BadNames))]
    public void Open_IndexWithABadShardName_IsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        WriteShard(folder, "model.safetensors", "t");
        var path = WriteIndex(folder, ("t", name));
        var error = Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path));
        error.Message.ShouldContain("is no plain file name");
        error.Message.ShouldStartWith(path + ": byte ");
        error.Message.ShouldNotContain("\0");
    }

    [Fact]
    public void BadNames_All_AreThirtyOrMore() => BadNames.Count.ShouldBeGreaterThanOrEqualTo(30);

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model-00001-of-00002.safetensors")]
    [InlineData("a.safetensors")]
    [InlineData("-_.A9.safetensors")]
    [InlineData("..x..safetensors")]
    [InlineData("console.safetensors")]
    [InlineData("com10.safetensors")]
    public void Open_IndexWithAPlainShardName_Loads(string name)
    {
        using var folder = new TemporaryFolder();
        WriteShard(folder, name, "t");
        using var source = SafetensorsSource.Open(WriteIndex(folder, ("t", name)));
        source.Files.ShouldBe([folder.File(name)]);
    }

    [Fact]
    public void Open_ShardsThatDifferInCaseOnly_AreRefused()
    {
        using var folder = new TemporaryFolder();
        WriteShard(folder, "a.safetensors", "t");
        WriteShard(folder, "A.safetensors", "u");
        var path = WriteIndex(folder, ("t", "a.safetensors"), ("u", "A.safetensors"));
        Should.Throw<CheckpointException>(() => SafetensorsSource.Open(path)).Message.ShouldContain("differ in case only");
    }

    internal static void WriteShard(TemporaryFolder folder, string name, params string[] tensors)
    {
        var entries = tensors.Select((t, i) => SafetensorsBytes.Entry(t, "U8", "1", i, i + 1));
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        folder.Write(name, SafetensorsBytes.Of($"{{{string.Join(',', entries)}}}", tensors.Length));
    }

    internal static string WriteIndex(TemporaryFolder folder, params (string Tensor, string Shard)[] map) =>
        WriteIndexIn(folder, "model.safetensors.index.json", map);

    internal static string WriteIndexIn(TemporaryFolder folder, string name, params (string Tensor, string Shard)[] map)
    {
        var entries = map.Select(m => $"{JsonSerializer.Serialize(m.Tensor)}:{JsonSerializer.Serialize(m.Shard)}");
        File.WriteAllText(folder.File(name), $"{{\"metadata\":{{\"total_size\":1}},\"weight_map\":{{{string.Join(',', entries)}}}}}");
        return folder.File(name);
    }
}
