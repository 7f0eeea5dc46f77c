using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Data.Rows;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Rows;

public sealed class JsonArrayRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NestedObjects_GivesEachElementWhole()
    {
        using var rows = Open("\uFEFF [ {\"a\": [1, {\"b\": 2}]} ,\n {\"a\": []}, 7, \"x\" ] ");
        rows.Count.ShouldBe(4);
        rows.Read(0).Value.GetRawText().ShouldBe("{\"a\": [1, {\"b\": 2}]}");
        rows.Read(1).Number.ShouldBe(2);
        Should.Throw<RowException>(() => rows.Read(2)).Message.ShouldContain("a number");
        Should.Throw<RowException>(() => rows.Read(3)).Message.ShouldContain("a text");
    }

    // longer than the buffer that the file is read through, and so are single texts
    [Fact]
    public void Read_LargerThanTheBuffer_GivesEveryRow()
    {
        var array = new JsonArray([.. Enumerable.Range(0, 12).Select(i => (JsonNode)new JsonObject
        {
            ["n"] = i,
            ["text"] = new string((char)('a' + (i % 26)), i * 397_331 % 2_500_000),
        })]);
        using var rows = Open(array.ToJsonString());
        rows.Count.ShouldBe(12);
        for (var i = 11; i >= 0; i--)
        {
            rows.Read(i).Value.GetProperty("n").GetInt32().ShouldBe(i);
            rows.Read(i).Value.GetProperty("text").GetString().ShouldBe(array[i]!["text"]!.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("[{\"a\": 1}, {\"a\": ")]
    [InlineData("[{\"a\": 1} {\"a\": 2}]")]
    [InlineData("[{\"a\": 1}]]")]
    [InlineData("[{\"a\": 1}] {\"a\": 2}")]
    public void Open_BrokenArray_SaysAfterWhichRow(string text) =>
        Should.Throw<InputFileException>(() => Open(text)).Message.ShouldContain("after row 1");

    private RowSource Open(string text) => RowFile.Open(_folder.Write("rows.json", Encoding.UTF8.GetBytes(text)));
}
