using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public class TemplateVariableTests
{
    [Theory]
    [InlineData("2", "2", "int")]
    [InlineData("-0", "0", "int")]
    [InlineData("2.0", "2.0", "float")]
    [InlineData("2e0", "2.0", "float")]
    [InlineData("1E400", "inf", "float")]
    [InlineData("-1e-7", "-1e-07", "float")]
    [InlineData("9223372036854775807", "9223372036854775807", "int")]
    [InlineData("-9223372036854775808", "-9223372036854775808", "int")]
    [InlineData("9223372036854775808", "9223372036854775808", "int")]
    [InlineData("-98765432109876543210987654321", "-98765432109876543210987654321", "int")]
    [InlineData("true", "True", "bool")]
    [InlineData("null", "None", "none")]
    [InlineData("\"a\\u00e9\\ud83d\\udc4d\"", "aé👍", "string")]
    public void Render_JsonScalar_KeepsItsKind(string json, string shown, string kind)
    {
        var template = ChatTemplate.Parse("{{ x }}|{{ 'bool' if x is boolean else 'int' if x is integer else 'float' if x is float else "
            + "'none' if x is none else 'string' }}");
        template.Render(JsonNode.Parse($$"""{"x": {{json}}}""")!.AsObject()).ShouldBe($"{shown}|{kind}");
    }

    [Fact]
    public void Render_ValuesMadeInCode_KeepTheirKind()
    {
        var variables = new JsonObject
        {
            ["i"] = 5,
            ["l"] = 5L,
            ["d"] = 2.0,
            ["f"] = 0.5f,
            ["b"] = true,
            ["s"] = "x",
            ["n"] = null,
            ["c"] = 'c',
            ["m"] = 1.5m,
            ["u"] = ulong.MaxValue,
            ["a"] = new JsonArray(1, 2.0, "y"),
        };
        ChatTemplate.Parse("{{ i }} {{ l }} {{ d }} {{ f }} {{ b }} {{ s }} {{ n }} {{ c }} {{ m }} {{ u }} {{ a }}").Render(variables)
            .ShouldBe("5 5 2.0 0.5 True x None c 1.5 18446744073709551615 [1, 2.0, 'y']");
    }

    [Fact]
    public void Render_ToJson_GivesWhatCameIn()
    {
        const string json = """{"b": [1, 2.5, "é<&>'\"\\\n", null, true, {}], "a": {"x": 123456789012345678901234567890}}""";
        ChatTemplate.Parse("{{ x | tojson }}").Render(new() { ["x"] = JsonNode.Parse(json) }).ShouldBe(json);
    }

    [Fact]
    public void Render_NameOfAFunction_CanBeGiven() =>
        ChatTemplate.Parse("{{ range }}{{ dict }}").Render(new() { ["range"] = 3, ["dict"] = "d" }).ShouldBe("3d");

    [Fact]
    public void Render_Variables_AreNotChanged()
    {
        var variables = JsonNode.Parse("""{"messages": [{"role": "user"}], "x": 1}""")!.AsObject();
        var before = variables.ToJsonString();
        ChatTemplate.Parse("{% set x = 2 %}{% set messages = messages + [1] %}{{ x }}{{ messages | length }}").Render(variables).ShouldBe("22");
        variables.ToJsonString().ShouldBe(before);
    }

    [Fact]
    public void Render_NameTwice_IsRefused()
    {
        var variables = JsonNode.Parse("""{"x": {"a": 1, "a": 2}}""")!.AsObject();
        Should.Throw<ConfigException>(() => ChatTemplate.Parse("{{ x }}").Render(variables)).Message.ShouldContain("a name twice");
    }

    [Fact]
    public void Render_HalfACharacter_IsRefusedWithItsPlace()
    {
        var variables = JsonNode.Parse("""{"x": ["\ud83d"]}""")!.AsObject();
        Should.Throw<ConfigException>(() => ChatTemplate.Parse("{{ x }}").Render(variables)).Message.ShouldContain("$.x[0]");
    }

    [Fact]
    public void Render_OnSeveralThreads_GivesTheSameText()
    {
        var template = ChatTemplate.Parse(
            "{% macro f(n) %}{{ n }}{% if n %}{{ f(n - 1) }}{% endif %}{% endmacro %}{% for i in range(x) %}{{ loop.index }}{{ f(i) }}{% endfor %}");
        var expected = template.Render(new() { ["x"] = 20 });
        var texts = new string[8];
        Parallel.For(0, texts.Length, i => texts[i] = template.Render(new() { ["x"] = 20 }));
        texts.ShouldAllBe(text => text == expected);
    }
}
