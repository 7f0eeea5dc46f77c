using System.Text;
using System.Text.Json;
using Octavo.Cli.Output;
using Octavo.TestKit;
using Octavo.UnitTests.Cli;
using Shouldly;

namespace Octavo.UnitTests.Training.Data;

/// <summary><c>octavo data check</c> and <c>octavo data show</c>.</summary>
public sealed class DataVerbTests : IDisposable
{
    private const string Lines = """
        {"messages": [{"role": "user", "content": "What ends a turn?"}, {"role": "assistant", "content": "<|im_end|> does."}]}

        {"messages": [{"role": "user", "content": "Hi\u001b[31m"}, {"role": "assistant", "content": "Hello 😀"}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_GoodFile_Exits0AndTellsWhatIsLearned()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("data", "check", Write(Lines), "-m", Repository.BundledModel).ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("no errors");
        terminal.Out.ShouldContain("of which");
        terminal.Out.ShouldContain("special tokens in the text");
        terminal.Out.ShouldNotContain("\e");
    }

    [Fact]
    public void Check_BadRows_Exits5AndNamesTheirLines()
    {
        var path = Write(Lines + "\n{\"messages\": []}\n{\n");
        using var terminal = new FakeTerminal();
        terminal.Run("data", "check", path, "--json").ShouldBe(5);
        using var json = JsonDocument.Parse(terminal.Out);
        var file = json.RootElement.GetProperty("files")[0];
        json.RootElement.GetProperty("ok").GetBoolean().ShouldBeFalse();
        file.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("line").GetInt32(), error.GetProperty("kind").GetString()))
            .ShouldBe([(4, "wrong_form"), (5, "invalid_json")]);
        (file.GetProperty("rows").GetInt32(), file.GetProperty("bad_rows").GetInt32()).ShouldBe((4, 2));
        file.TryGetProperty("tokens", out _).ShouldBeFalse();
        using var text = new FakeTerminal();
        text.Run("data", "check", path).ShouldBe(5);
        text.Out.ShouldContain("2 of 4 rows have errors");
        text.Out.ShouldContain("give --model");
    }

    [Fact]
    public void Show_WithoutColour_PutsBracketsAroundWhatIsLearned()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("data", "show", Write(Lines), "-m", Repository.BundledModel, "--chat-template", "chatml", "--count", "2").ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("‹<|im_start|>›assistant⏎\n⟦<|im_end|> does.‹<|im_end|>›⟧⏎\n");
        terminal.Out.ShouldContain("Hi␛[31m‹<|im_end|>›⏎\n");
        terminal.Out.ShouldContain("⟦Hello 😀‹<|im_end|>›⟧⏎\n");
        terminal.Out.ShouldContain("line 3: ");
        terminal.Out.ShouldNotContain("\e");
    }

    [Fact]
    public void Show_WithColour_HasOneForWhatIsLearned()
    {
        using var output = new StringWriter();
        using var terminal = new Terminal(TextReader.Null, output, TextWriter.Null) { HasColor = true, IsOutputTerminal = true };
        Octavo.Cli.Program.Run(["data", "show", Write(Lines), "-m", Repository.BundledModel, "--row", "3"], terminal).ShouldBe(0);
        output.ToString().ShouldContain("\e[32mHello 😀\e[0m\e[32m\e[7m<|im_end|>\e[0m\e[90m⏎");
        output.ToString().ShouldContain("Hi␛[31m");
    }

    [Fact]
    public void Show_Ids_HasALineForEachToken()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("data", "show", Write(Lines), "-m", Repository.BundledModel, "--chat-template", "chatml", "--ids").ShouldBe(0, terminal.Error);
        var lines = terminal.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var tokens = int.Parse(lines[0].Split(": ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        lines.Length.ShouldBe(tokens + 1);
        lines[1].ShouldBe("     0       1  ·  <|im_start|>");
        lines.Count(line => line.Contains('●')).ShouldBe(int.Parse(lines[0].Split(", ")[^1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Show_Packed_DrawsRows()
    {
        using var terminal = new FakeTerminal();
        terminal.Run("data", "show", Write(Lines), "-m", Repository.BundledModel, "--count", "2", "--packed", "--max-seq-length", "128")
            .ShouldBe(0, terminal.Error);
        terminal.Out.ShouldContain("row 1: ");
        terminal.Out.ShouldContain("  b  line 3: ");
        terminal.Out.ShouldContain("positions 0 to ");
    }

    [Fact]
    public void Show_Json_HasIdsAndLabels()
    {
        var path = Write(Lines);
        using var terminal = new FakeTerminal();
        terminal.Run("data", "show", path, "-m", Repository.BundledModel, "--json").ShouldBe(0, terminal.Error);
        using var json = JsonDocument.Parse(terminal.Out);
        var example = json.RootElement.GetProperty("examples")[0];
        var (ids, labels) = (Numbers(example, "ids"), Numbers(example, "labels"));
        labels.Length.ShouldBe(ids.Length);
        ids.Zip(labels).ShouldAllBe(pair => pair.Second == -100 || pair.Second == pair.First);
        labels.ShouldContain(label => label != -100);
        using var packed = new FakeTerminal();
        packed.Run("data", "show", path, "-m", Repository.BundledModel, "--json", "--packed", "--max-seq-length", "99").ShouldBe(0, packed.Error);
        using var rows = JsonDocument.Parse(packed.Out);
        Numbers(rows.RootElement.GetProperty("rows")[0], "documents").Length.ShouldBe(99);
    }

    [Theory]
    [InlineData(2, "data")]
    [InlineData(2, "data", "shwo", "FILE")]
    [InlineData(2, "data", "check")]
    [InlineData(2, "data", "check", "FILE", "--ids")]
    [InlineData(2, "data", "check", "FILE", "--max-seq-length", "9")]
    [InlineData(2, "data", "check", "FILE", "--column", "messages")]
    [InlineData(2, "data", "check", "FILE", "--form", "alpaca")]
    [InlineData(2, "data", "show", "FILE")]
    [InlineData(2, "data", "show", "FILE", "-m", "MODEL", "--row", "2")]
    [InlineData(2, "data", "show", "FILE", "-m", "MODEL", "--row", "9")]
    [InlineData(2, "data", "show", "FILE", "-m", "MODEL", "--count", "0")]
    [InlineData(2, "data", "show", "FILE", "-m", "MODEL", "--turns", "some")]
    [InlineData(3, "data", "check", "FILE", "none.jsonl")]
    public void Run_WhatCannotBe_ExitsWithAReason(int exit, params string[] args)
    {
        var path = Write(Lines);
        using var terminal = new FakeTerminal();
        terminal.Run([.. args.Select(arg => arg == "FILE" ? path : arg == "MODEL" ? Repository.BundledModel : arg)]).ShouldBe(exit);
        terminal.Error.ShouldStartWith("octavo: ");
        terminal.Error.ShouldNotContain("not foreseen");
    }

    private static int[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];

    private string Write(string text) => _folder.Write("train.jsonl", Encoding.UTF8.GetBytes(text));
}
