using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Data.Rows;
using Parquet;
using Parquet.Schema;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Rows;

public sealed class ParquetRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_ListsOfStructsOverRowGroups_GivesEveryRowInAnyOrder()
    {
        var path = await Write(groups: 3);
        using var rows = RowFile.Open(path);
        rows.Count.ShouldBe(9);
        for (var i = 8; i >= 0; i--)
        {
            var row = rows.Read(i);
            row.Number.ShouldBe(i + 1);
            row.Value.GetProperty("id").GetString().ShouldBe($"row {i / 3}");
            row.Value.GetProperty("score").GetRawText().ShouldBe(i % 3 == 1 ? "null" : "0.5");
        }
        rows.Read(3).Value.GetProperty("messages").GetRawText().ShouldBe(
            "[{\"role\":\"user\",\"content\":\"Grüße 1\"},{\"role\":\"assistant\",\"content\":null}]");
        rows.Read(4).Value.GetProperty("messages").GetRawText().ShouldBe("[]");
        rows.Read(5).Value.GetProperty("messages").GetRawText().ShouldBe("[{\"role\":\"user\",\"content\":\"last\"}]");
    }

    [Fact]
    public async Task Open_AnyPrefixOfAFile_IsRefusedByName()
    {
        var whole = await File.ReadAllBytesAsync(await Write(groups: 1), TestContext.Current.CancellationToken);
        foreach (var length in Enumerable.Range(1, 12).Select(part => whole.Length * part / 13).Append(4).Append(whole.Length - 1))
        {
            var path = _folder.Write("cut.parquet", whole[..length]);
            Should.Throw<InputFileException>(() => RowFile.Open(path)).Message.ShouldContain("cut.parquet", customMessage: $"{length} bytes");
        }
    }

    [Fact]
    public async Task Open_AnyByteChanged_IsReadOrRefused()
    {
        var whole = await File.ReadAllBytesAsync(await Write(groups: 1), TestContext.Current.CancellationToken);
        var random = new SeededRandom(7);
        var refused = 0;
        for (var i = 0; i < 60; i++)
        {
            var broken = whole.ToArray();
            broken[random.Next(broken.Length)] ^= (byte)(1 + random.Next(255));
            try
            {
                using var rows = RowFile.Open(_folder.Write("broken.parquet", broken));
                rows.Count.ShouldBeGreaterThan(0);
                for (var row = 0; row < rows.Count; row++)
                    rows.Read(row).Number.ShouldBe(row + 1);
            }
            catch (InputFileException)
            {
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(5);
    }

    // three rows a group: two messages of which one has no text, none, and one; levels as the format has them
    private async Task<string> Write(int groups)
    {
        var (id, score) = (new DataField<string>("id"), new DataField<double?>("score"));
        var (role, content) = (new DataField<string>("role"), new DataField<string>("content"));
        var schema = new ParquetSchema(id, new ListField("messages", new StructField("item", role, content)), score);
        var path = _folder.File("rows.parquet");
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, file);
        for (var group = 0; group < groups; group++)
        {
            using var rows = writer.CreateRowGroup();
            await rows.WriteAsync(id, new[] { $"row {group}", $"row {group}", $"row {group}" });
            await WriteTexts(rows, role, ["user", "assistant", null, "user"], role.MaxDefinitionLevel);
            await WriteTexts(rows, content, [$"Grüße {group}", null, null, "last"], content.MaxDefinitionLevel);
            await rows.WriteAsync<double>(score, new double?[] { 0.5, null, 0.5 });
        }
        return path;
    }

    // entry 2 is the empty list: its level is the one of a list that is there and has nothing
    private static async Task WriteTexts(ParquetRowGroupWriter rows, DataField field, string?[] entries, int most)
    {
        ReadOnlyMemory<char>[] values = [.. entries.OfType<string>().Select(text => text.AsMemory())];
        int[] levels = [.. entries.Select((text, i) => i == 2 ? 1 : text is null ? most - 1 : most)];
        await rows.WriteAllPartsAsync<ReadOnlyMemory<char>>(field, values, levels, new[] { 0, 1, 0, 0 }, TestContext.Current.CancellationToken);
    }
}
