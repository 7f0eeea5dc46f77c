using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public class GenerationSpanTests
{
    private const string Template =
        "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}{% generation %}{{ m.content }}</s>{% endgeneration %}"
        + "{% else %}{{ m.content }}{% endif %}{{ '\\n' }}{% endfor %}";

    private static JsonObject Conversation => JsonNode.Parse(
        """{"messages": [{"role": "user", "content": "👍"}, {"role": "assistant", "content": "yés 🙂"}, {"role": "assistant", "content": ""}]}""")!.AsObject();

    [Fact]
    public void RenderWithGenerationSpans_TwoAnswers_GivesTheirRanges()
    {
        var chat = ChatTemplate.Parse(Template).RenderWithGenerationSpans(Conversation);
        chat.Text.ShouldBe("<user>👍\n<assistant>yés 🙂</s>\n<assistant></s>\n");
        chat.Generations.Select(span => chat.Text[span.Start..span.End]).ShouldBe(["yés 🙂</s>", "</s>"]);
        chat.Generations[0].Start.ShouldBe(chat.Text.IndexOf("yés", StringComparison.Ordinal));
    }

    [Fact]
    public void RenderWithGenerationSpans_NoBlock_GivesNoRange()
    {
        var chat = ChatTemplate.Parse("{{ messages | length }}").RenderWithGenerationSpans(Conversation);
        chat.Text.ShouldBe("3");
        chat.Generations.ShouldBeEmpty();
    }

    [Fact]
    public void RenderWithGenerationSpans_SameTemplate_GivesTheTextOfRender()
    {
        var template = ChatTemplate.Parse(Template);
        template.RenderWithGenerationSpans(Conversation).Text.ShouldBe(template.Render(Conversation));
    }

    [Theory]
    [InlineData("{% macro f() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ f() }}")]
    [InlineData("{% set a %}{% generation %}x{% endgeneration %}{% endset %}{{ a }}")]
    [InlineData("{% filter upper %}{% generation %}x{% endgeneration %}{% endfilter %}")]
    [InlineData("{% generation %}{% generation %}x{% endgeneration %}{% endgeneration %}")]
    public void RenderWithGenerationSpans_PlaceNotKnown_IsRefusedButRenders(string source)
    {
        var template = ChatTemplate.Parse(source);
        template.Render([]).ShouldBe("x", StringCompareShould.IgnoreCase);
        Should.Throw<UnsupportedException>(() => template.RenderWithGenerationSpans([])).Message.ShouldContain("a generation block inside");
    }
}
