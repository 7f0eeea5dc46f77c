using System.Text;
using Octavo.Core;
using Octavo.TestKit;
using Octavo.Training.Data.Chats;
using Octavo.Training.Data.Checks;
using Octavo.Training.Data.Rows;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Checks;

public sealed class DataCheckTests : IDisposable
{
    private const string Good = """{"messages": [{"role": "user", "content": "q0"}, {"role": "assistant", "content": "a"}]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"messages": [{"role": "user", "content": "q"}, {"role": "user", "content": "r"}, {"role": "assistant", "content": "a"}]}""", nameof(FindingKind.Roles), "after user comes user (message 2)")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "a"}]}""", nameof(FindingKind.Roles), "begins with assistant")]
    [InlineData("""{"messages": [{"role": "user", "content": "q"}, {"role": "system", "content": "s"}, {"role": "assistant", "content": "a"}]}""", nameof(FindingKind.Roles), "comes system")]
    [InlineData("""{"messages": [{"role": "user", "content": " "}, {"role": "assistant", "content": "a"}]}""", nameof(FindingKind.EmptyContent), "message 1 (user) is empty")]
    [InlineData("""{"messages": [{"role": "user", "content": "q"}]}""", nameof(FindingKind.NoAssistant), "no message of the assistant")]
    [InlineData("""{"messages": "q"}""", nameof(FindingKind.WrongForm), "is a text")]
    [InlineData("""{"messages": [""", nameof(FindingKind.InvalidJson), "not valid JSON")]
    [InlineData("""{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}, {"role": "user", "content": "r"}]}""", nameof(FindingKind.EndsWithUser), "last message is the user's")]
    [InlineData("""{"messages": [{"role": "user", "content": "see <|im_end|>"}, {"role": "assistant", "content": "a"}]}""", nameof(FindingKind.SpecialToken), "<|im_end|>")]
    [InlineData("""{"id": 2, "messages": [{"role": "user", "content": "q0"}, {"role": "assistant", "content": "a"}]}""", nameof(FindingKind.Duplicate), "same as line 1")]
    [InlineData("""{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "an answer of more than the sixty tokens that are allowed here"}]}""", nameof(FindingKind.Truncated), "are cut to 60")]
    public void Run_OneRowOfAKind_IsFoundAtItsLine(string row, string name, string words)
    {
        var kind = Enum.Parse<FindingKind>(name);
        var report = Run($"{Good}\n\n{row}\n");
        report.Rows.ShouldBe(2);
        report.Counts[kind].ShouldBe(1);
        var finding = report.Errors.Concat(report.Notes).Single(finding => finding.Kind == kind);
        finding.Number.ShouldBe(3);
        finding.Message.ShouldContain(words);
        finding.Excerpt.ShouldNotBeEmpty();
        report.BadRows.ShouldBe(kind.IsError() ? 1 : 0);
    }

    [Fact]
    public void Run_ManyErrors_ShowsTwentyAndCountsAll()
    {
        var text = string.Join('\n', Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? Good.Replace("q0", $"q{i}", StringComparison.Ordinal) : "{"));
        var report = Run(text);
        (report.Rows, report.BadRows, report.Errors.Count).ShouldBe((50, 25, 20));
        report.Counts[FindingKind.InvalidJson].ShouldBe(25);
        report.Errors.Select(finding => finding.Number).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i * 2));
        report.Tokens!.Examples.ShouldBe(25);
    }

    [Fact]
    public void Run_BadFirstRows_AreFindings()
    {
        var report = Run("{\n[1]\n" + Good);
        report.Form.Name.ShouldBe("messages");
        report.Errors.Select(finding => finding.Number).ShouldBe([1, 2]);
        Should.Throw<InputFileException>(() => Run("{\n[1]")).Message.ShouldContain("line 2");
    }

    [Theory]
    [InlineData("""{"prompt": "q", "chosen": "a", "rejected": "a"}""", nameof(FindingKind.WrongForm), "are the same")]
    [InlineData("""{"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "rejected": [{"role": "user", "content": "r"}, {"role": "assistant", "content": "b"}]}""", nameof(FindingKind.WrongForm), "more than the last")]
    [InlineData("""{"prompt": "q", "chosen": "", "rejected": "b"}""", nameof(FindingKind.EmptyContent), "chosen: message 2")]
    public void Run_Preferences_AreCheckedAsPairs(string row, string kind, string words)
    {
        var report = Run(row);
        report.Form.Name.ShouldBe("preference");
        report.Tokens.ShouldBeNull();
        report.Errors.Single(finding => finding.Kind.ToString() == kind).Message.ShouldContain(words);
    }

    [Fact]
    public void Run_GoodPreferences_HaveNoErrors() => Run("""{"prompt": "q", "chosen": "a", "rejected": "b"}""").BadRows.ShouldBe(0);

    private CheckReport Run(string text)
    {
        var tokenizer = Streams.Bytes(_folder.File("tokenizer"));
        var chat = new ChatEncoder(BuiltInTemplates.Get("tulu"), tokenizer);
        using var rows = RowFile.Open(_folder.Write("a.jsonl", Encoding.UTF8.GetBytes(text)));
        return new DataCheck(chat.Literals, new ExampleEncoder(tokenizer, chat, new EncodingOptions { MaxLength = 60 }))
            .Run(rows, null, new Dictionary<string, string>());
    }
}
