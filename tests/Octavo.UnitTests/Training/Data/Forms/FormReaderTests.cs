using System.Text.Json;
using Octavo.Core;
using Octavo.Training.Data.Forms;
using Octavo.Training.Data.Rows;
using Shouldly;

namespace Octavo.UnitTests.Training.Data.Forms;

public class FormReaderTests
{
    private static readonly Dictionary<string, string> _none = [];

    [Theory]
    [InlineData("messages", """{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}], "id": 1}""", "S")]
    [InlineData("conversations", """{"conversations": [{"from": "system", "value": "S"}, {"from": "human", "value": "U"}, {"from": "gpt", "value": "A"}]}""", "S")]
    [InlineData("conversations", """{"conversations": [{"role": "user", "content": [{"type": "text", "text": "U"}]}, {"role": "assistant", "content": "A"}], "system": "S"}""", "S")]
    [InlineData("prompt-completion", """{"prompt": "U", "completion": "A"}""", null)]
    [InlineData("prompt-completion", """{"prompt": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}], "completion": [{"role": "assistant", "content": "A"}]}""", "S")]
    [InlineData("prompt-completion", """{"prompt": "U", "completion": "A", "system": "S"}""", "S")]
    [InlineData("alpaca", """{"instruction": "U", "input": "", "output": "A"}""", null)]
    [InlineData("alpaca", """{"instruction": "U", "output": "A", "text": null, "input": null}""", null)]
    [InlineData("question-response", """{"system_prompt": "S", "question": "U", "response": "A"}""", "S")]
    [InlineData("query-answer", """{"query": "U", "answer": "A"}""", null)]
    [InlineData("query-response", """{"query": "U", "response": "A"}""", null)]
    public void Read_EveryForm_GivesTheSameConversation(string form, string row, string? system)
    {
        var element = JsonDocument.Parse(row).RootElement;
        // alpaca files with the whole prompt as 'text' are of two forms, and the name decides
        var named = element.TryGetProperty("text", out _) ? form : null;
        var reader = FormDetector.Detect(element, "x", named, _none);
        reader.Form.Name.ShouldBe(form);
        var messages = reader.Read(element).ShouldBeOfType<ChatSample>().Messages;
        List<Message> expected = [new("user", "U"), new("assistant", "A")];
        messages.ShouldBe(system is null ? expected : [new("system", system), .. expected]);
    }

    [Fact]
    public void Read_AlpacaInput_FollowsTheInstruction()
    {
        var row = JsonDocument.Parse("""{"instruction": "Add.", "input": "1 2", "output": "3"}""").RootElement;
        var sample = (ChatSample)FormDetector.Detect(row, "x", null, _none).Read(row);
        sample.Messages[0].Content.ShouldBe("Add.\n\n1 2");
    }

    [Theory]
    [InlineData("""{"prompt": "U", "chosen": "A", "rejected": "B"}""")]
    [InlineData("""{"chosen": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}], "rejected": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "B"}]}""")]
    [InlineData("""{"prompt": "U", "chosen": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}], "rejected": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "B"}]}""")]
    [InlineData("""{"prompt": [{"role": "user", "content": "U"}], "chosen": [{"role": "assistant", "content": "A"}], "rejected": [{"role": "assistant", "content": "B"}]}""")]
    public void Read_Preferences_GivesBothSidesWhole(string row)
    {
        var element = JsonDocument.Parse(row).RootElement;
        var pair = FormDetector.Detect(element, "x", null, _none).Read(element).ShouldBeOfType<PreferenceSample>();
        pair.Chosen.ShouldBe([new Message("user", "U"), new Message("assistant", "A")]);
        pair.Rejected.ShouldBe([new Message("user", "U"), new Message("assistant", "B")]);
    }

    [Fact]
    public void Read_Text_IsADocument()
    {
        var row = JsonDocument.Parse("""{"text": "T", "url": "u"}""").RootElement;
        FormDetector.Detect(row, "x", null, _none).Read(row).ShouldBe(new TextSample("T"));
    }

    [Fact]
    public void Detect_UnknownColumns_ListsThemAndTheForms()
    {
        var message = Should.Throw<ConfigException>(() => Detect("""{"foo": 1, "bar": 2}""")).Message;
        message.ShouldContain("foo, bar");
        foreach (var form in RowForm.All)
            message.ShouldContain(form.Name);
    }

    [Fact]
    public void Detect_TwoForms_AsksForOne()
    {
        const string Row = """{"messages": [], "text": "x"}""";
        var message = Should.Throw<ConfigException>(() => Detect(Row)).Message;
        message.ShouldContain("messages (messages); text (text)");
        Detect(Row, "text").Form.ShouldBe(RowForm.Text);
    }

    [Fact]
    public void Detect_OtherColumnNames_AreTakenFromTheConfiguration()
    {
        const string Row = """{"dialog": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}]}""";
        var reader = Detect(Row, columns: new() { ["messages"] = "dialog" });
        ((ChatSample)reader.Read(JsonDocument.Parse(Row).RootElement)).Messages.Count.ShouldBe(2);
        Should.Throw<ConfigException>(() => Detect(Row, columns: new() { ["messages"] = "dialogue" })).Message.ShouldContain("dialogue");
        Should.Throw<ConfigException>(() => Detect(Row, columns: new() { ["massages"] = "dialog" })).Message.ShouldContain("massages");
        Should.Throw<ConfigException>(() => Detect(Row, "alpaca")).Message.ShouldContain("instruction, output");
        Should.Throw<ConfigException>(() => Detect(Row, "llama")).Message.ShouldContain("'llama'");
    }

    [Theory]
    [InlineData("""{"messages": "x"}""", "'messages' is a text")]
    [InlineData("""{"messages": []}""", "empty list")]
    [InlineData("""{"messages": [1]}""", "'messages[0]' is a number")]
    [InlineData("""{"messages": [{"role": "user"}]}""", "no 'content'")]
    [InlineData("""{"messages": [{"role": "user", "content": null}]}""", "'messages[0].content' is null")]
    [InlineData("""{"messages": [{"role": "narrator", "content": "x"}]}""", "the role 'narrator'")]
    [InlineData("""{"messages": [{"content": "x"}]}""", "neither 'role'")]
    [InlineData("""{"messages": [{"role": "assistant", "content": "x", "tool_calls": [{}]}]}""", "tool_calls")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image"}]}]}""", "pictures")]
    [InlineData("""{"messages": [{"role": "user", "content": "\ud800"}]}""", "lone surrogate")]
    [InlineData("""{"id": 1}""", "no column 'messages'")]
    public void Read_RowOfAnotherKind_SaysWhere(string row, string words)
    {
        var reader = Detect("""{"messages": []}""");
        Should.Throw<RowException>(() => reader.Read(JsonDocument.Parse(row).RootElement)).Message.ShouldContain(words);
    }

    private static FormReader Detect(string row, string? form = null, Dictionary<string, string>? columns = null) =>
        FormDetector.Detect(JsonDocument.Parse(row).RootElement, "data.jsonl, line 1", form, columns ?? _none);
}
