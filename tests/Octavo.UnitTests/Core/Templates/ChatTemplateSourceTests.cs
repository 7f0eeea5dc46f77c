using Octavo.Core;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public sealed class ChatTemplateSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("octavo-templates-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Find_EmptyFolder_IsNull() => Find().ShouldBeNull();

    [Theory]
    [InlineData("""{"bos_token": "<s>"}""")]
    [InlineData("""{"chat_template": null}""")]
    [InlineData("""{"nested": {"chat_template": "x"}}""")]
    [InlineData("""{"chat_template": []}""")]
    public void Find_ConfigurationWithoutTemplate_IsNull(string json)
    {
        Write("tokenizer_config.json", json);
        Find().ShouldBeNull();
    }

    [Fact]
    public void Find_TextInConfiguration_IsTheDefault()
    {
        Write("tokenizer_config.json", """{"added": {"1": {"content": "chat_template"}}, "chat_template": "a\n{{ 1 }}é\ud83d\udc4d", "z": [1]}""");
        var source = Find()!;
        source.Names.ShouldBe(["default"]);
        source.GetText().ShouldBe("a\n{{ 1 }}é👍");
        source.Parse().Render([]).ShouldBe("a\n1é👍");
        source.Path.ShouldEndWith("tokenizer_config.json");
    }

    [Fact]
    public void Find_ListInConfiguration_OffersEachByName()
    {
        Write("tokenizer_config.json",
            """
            {"chat_template": [{"name": "tool_use", "template": "T"}, {"template": "D", "name": "default", "more": [1]},
              {"name": "rag", "template": "R"}]}
            """);
        var source = Find()!;
        source.Names.ShouldBe(["default", "rag", "tool_use"]);
        source.GetText().ShouldBe("D");
        source.GetText("tool_use").ShouldBe("T");
        var error = Should.Throw<ConfigException>(() => source.GetText("tools"));
        error.Message.ShouldContain("'tools'");
        error.Message.ShouldContain("default, rag, tool_use");
    }

    [Fact]
    public void GetText_ListWithoutDefault_AsksForAName()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "tool_use", "template": "T"}]}""");
        Should.Throw<ConfigException>(() => Find()!.GetText()).Message.ShouldContain("no default chat template");
    }

    [Fact]
    public void Find_SeveralPlaces_FilesWinAsInTransformers()
    {
        Write("tokenizer_config.json", """{"chat_template": "config"}""");
        Find()!.GetText().ShouldBe("config");
        Write("chat_template.json", """{"chat_template": "json"}""");
        Find()!.GetText().ShouldBe("json");
        Write("chat_template.jinja", "\ufeffjinja {{ 1 }}\n");
        Find()!.GetText().ShouldBe("jinja {{ 1 }}\n");
    }

    [Fact]
    public void Find_AdditionalTemplates_StandBesideTheDefault()
    {
        Write("chat_template.jinja", "main");
        Write("additional_chat_templates/tool_use.jinja", "tools");
        Write("additional_chat_templates/readme.txt", "no");
        var source = Find()!;
        source.Names.ShouldBe(["default", "tool_use"]);
        source.GetText().ShouldBe("main");
        source.GetText("tool_use").ShouldBe("tools");
    }

    [Fact]
    public void Find_TemplateAboveTheFolder_IsNotTaken()
    {
        Write("chat_template.jinja", "above");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "tokenizer"));
        ChatTemplateSource.Find(Path.Combine(_folder.FullName, "tokenizer")).ShouldBeNull();
    }

    [Theory]
    [InlineData("[1]", "no JSON object")]
    [InlineData("""{"chat_template": 5}""", "neither a text nor a list")]
    [InlineData("""{"chat_template": {"a": "b"}}""", "neither a text nor a list")]
    [InlineData("""{"chat_template": ["x"]}""", "an item that is no object")]
    [InlineData("""{"chat_template": [{"name": "a"}]}""", "without a text 'name'")]
    [InlineData("""{"chat_template": [{"name": "a", "template": 1}]}""", "without a text 'name'")]
    [InlineData("""{"chat_template": [{"name": "a", "template": "1"}, {"name": "a", "template": "2"}]}""", "the name 'a' twice")]
    [InlineData("""{"chat_template": "a", "chat_template": "b"}""", "'chat_template' twice")]
    [InlineData("""{"chat_template": "a" """, "not valid JSON")]
    [InlineData("""{"chat_template": "\ud83d"}""", "half a character")]
    [InlineData("", "not valid JSON")]
    public void Find_BadConfiguration_IsRefusedWithItsPath(string json, string problem)
    {
        Write("tokenizer_config.json", json);
        var error = Should.Throw<InputFileException>(Find);
        error.Message.ShouldContain("tokenizer_config.json");
        error.Message.ShouldContain(problem);
    }

    [Fact]
    public void Find_JinjaThatIsNotUtf8_IsRefused()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "chat_template.jinja"), [0x61, 0xff, 0x62]);
        Should.Throw<InputFileException>(Find).Message.ShouldContain("not valid UTF-8");
    }

    [Fact]
    public void Find_TwoDefaults_AreRefused()
    {
        Write("chat_template.jinja", "a");
        Write("additional_chat_templates/default.jinja", "b");
        Should.Throw<InputFileException>(Find).Message.ShouldContain("second default");
    }

    [Fact]
    public void Parse_WrongTemplate_NamesFileAndLine()
    {
        Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "\n{{ (1 }}"}, {"name": "b", "template": "{% do x %}"}]}""");
        var wrong = Should.Throw<InputFileException>(() => Find()!.Parse());
        wrong.Message.ShouldContain("tokenizer_config.json");
        wrong.Message.ShouldContain("line 2");
        Should.Throw<UnsupportedException>(() => Find()!.Parse("b")).Message.ShouldContain("tokenizer_config.json");
    }

    private ChatTemplateSource? Find() => ChatTemplateSource.Find(_folder.FullName);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
