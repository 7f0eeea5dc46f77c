using System.Text;
using CsCheck;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Data.Rows;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Rows;

public sealed class JsonlRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_BlankLinesCrLfAndByteOrderMark_AreNoRows()
    {
        using var rows = Open("\uFEFF\r\n{\"a\": 1}\r\n\r\n   \t\n{\"a\": 2}\n\n{\"a\": 3}");
        rows.Count.ShouldBe(3);
        Enumerable.Range(0, 3).Select(i => (rows.Read(i).Number, rows.Read(i).Value.GetProperty("a").GetInt32()))
            .ShouldBe([(2, 1), (5, 2), (7, 3)]);
        rows.PlaceOf(1).ShouldEndWith(", line 5");
    }

    [Fact]
    public void Read_AnyOrderOfAnyLines_GivesEachLine() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 40], Gen.Bool).Sample((blanks, isWindows) =>
        {
            var (text, lines) = (new StringBuilder(), new List<int>());
            foreach (var (blank, number) in blanks.Select((blank, number) => (blank, number)))
            {
                for (var i = 0; i < blank; i++)
                    text.Append(isWindows ? "\r\n" : "\n");
                lines.Add(text.ToString().Count(unit => unit == '\n') + 1);
                text.Append("{\"n\": ").Append(number).Append('}').Append(isWindows ? "\r\n" : "\n");
            }
            using var rows = Open(text.ToString());
            rows.Count.ShouldBe(lines.Count);
            for (var i = rows.Count - 1; i >= 0; i--)
            {
                var row = rows.Read(i);
                row.Value.GetProperty("n").GetInt32().ShouldBe(i);
                row.Number.ShouldBe(lines[i]);
            }
        }, iter: 100, threads: 1);

    [Theory]
    [InlineData("{\"a\": 1}\n{\"a\": tru}\n", 1, nameof(RowProblem.InvalidJson), "byte 10")]
    [InlineData("{\"a\": 1}\n[1, 2]\n", 1, nameof(RowProblem.InvalidJson), "a list, not an object")]
    [InlineData("{\"a\": 1}\n{\"a\": 1, \"a\": 2}\n", 1, nameof(RowProblem.InvalidJson), "")]
    [InlineData("{\"a\": 1}\n{\"a\": \"x", 1, nameof(RowProblem.InvalidJson), "")]
    public void Read_BrokenRow_IsRefusedAloneWithItsKind(string text, int index, string kind, string words)
    {
        using var rows = Open(text);
        var error = Should.Throw<RowException>(() => rows.Read(index));
        error.Kind.ToString().ShouldBe(kind);
        error.Message.ShouldContain(words);
        rows.Read(0).Value.GetProperty("a").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Read_InvalidUtf8_NamesTheByte()
    {
        using var rows = RowFile.Open(_folder.Write("a.jsonl", [.. "{\"a\": \"x"u8, 0xC3, 0x28, .. "\"}"u8]));
        var error = Should.Throw<RowException>(() => rows.Read(0));
        error.Kind.ShouldBe(RowProblem.InvalidUtf8);
        error.Message.ShouldContain("byte 9");
    }

    // the file is sparse: its second line takes no room on the disk
    [Fact]
    public void Read_LineLongerThanAllowed_IsRefusedWithoutReadingIt()
    {
        var path = _folder.Write("long.jsonl", "{\"a\": 1}\n"u8.ToArray());
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(9 + (2L * RowSource.MostRowBytes));
            file.Position = 9;
            file.Write("{\"a\": \""u8);
        }
        using var rows = RowFile.Open(path);
        rows.Count.ShouldBe(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<RowException>(() => rows.Read(1)).Message.ShouldContain("134217728 bytes");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        rows.Excerpt(1).ShouldStartWith("{\"a\": \"");
    }

    [Theory]
    [InlineData("a.jsonl", "", "no rows")]
    [InlineData("a.jsonl", "\n\r\n", "no rows")]
    [InlineData("a.csv", "a,b", "table")]
    [InlineData("a.jsonl.gz", "x", "Unpack")]
    [InlineData("a.parquet", "x", "PAR1")]
    public void Open_FileWithoutRows_SaysWhatToDo(string name, string text, string words)
    {
        var path = _folder.Write(name, Encoding.UTF8.GetBytes(text));
        var error = Should.Throw<InputFileException>(() => RowFile.Open(path));
        error.Message.ShouldContain(words);
        error.Message.ShouldStartWith(path);
    }

    [Fact]
    public void Open_PlainText_IsOneDocument()
    {
        const string Text = "Line \"one\"\r\n\tzwei – 😀\n";
        using var rows = RowFile.Open(_folder.Write("a.txt", Encoding.UTF8.GetBytes("\uFEFF" + Text)));
        rows.Count.ShouldBe(1);
        rows.Read(0).Value.GetProperty("text").GetString().ShouldBe(Text);
        Should.Throw<InputFileException>(() => RowFile.Open(_folder.Write("b.md", [0xC3, 0x28]))).Message.ShouldContain("UTF-8");
    }

    [Fact]
    public void Open_Utf16_SaysSo() =>
        Should.Throw<InputFileException>(() => RowFile.Open(_folder.Write("a.jsonl", [0xFF, 0xFE, (byte)'{', 0]))).Message.ShouldContain("UTF-16");

    [Fact]
    public void Open_NoFile_NamesIt() =>
        Should.Throw<InputFileException>(() => RowFile.Open(_folder.File("none.jsonl"))).Message.ShouldContain("none.jsonl");

    // the index is all that stays of the rows: 8 bytes of each
    [Fact]
    public void Open_ManyRows_KeepsAFewBytesOfEach()
    {
        const int Rows = 200_000;
        var line = "{\"text\": \"" + new string('x', 200) + "\"}\n";
        var path = _folder.File("many.jsonl");
        File.WriteAllLines(path, Enumerable.Repeat(line.TrimEnd(), Rows));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var rows = RowFile.Open(path);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        rows.Count.ShouldBe(Rows);
        (kept / Rows).ShouldBeLessThan(10);
    }

    private RowSource Open(string text) => RowFile.Open(_folder.Write("rows.jsonl", Encoding.UTF8.GetBytes(text)));
}
