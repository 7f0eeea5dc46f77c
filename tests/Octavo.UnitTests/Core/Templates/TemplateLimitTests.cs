using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

/// <summary>One row per limit, below it, at it and above it.</summary>
public class TemplateLimitTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(MiB - 1, true)]
    [InlineData(MiB, true)]
    [InlineData(MiB + 1, false)]
    public void Parse_SourceLength_IsLimited(int length, bool fits) =>
        CheckParse(new string('x', length), fits, "it may have 1048576");

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Parse_NestedBlocks_AreLimited(int depth, bool fits) =>
        CheckParse(Repeat("{% if true %}", depth) + Repeat("{% endif %}", depth), fits, "nest deeper than 64 levels");

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Parse_NestedBrackets_AreLimited(int depth, bool fits) =>
        CheckParse("{{ " + Repeat("(", depth) + "1" + Repeat(")", depth) + " }}", fits, "nest deeper than 64 levels");

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Parse_NameLength_IsLimited(int length, bool fits) =>
        CheckParse("{{ " + new string('a', length) + " }}", fits, "it may have 256");

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Parse_NamedArguments_AreLimited(int count, bool fits)
    {
        var names = string.Join(",", Enumerable.Range(0, count).Select(i => $"a{i}=1"));
        CheckParse("{{ dict(" + names + ") }}", fits, "more than 255 named arguments");
        CheckParse("{% macro f(" + names + ") %}{% endmacro %}", fits, "more than 255 parameters");
    }

    [Theory]
    [InlineData(999_994, true)]
    [InlineData(999_995, true)]
    [InlineData(999_996, false)]
    public void Render_Steps_AreLimited(int items, bool fits) =>
        // Five nodes are evaluated: the statement, the product, the list, and the two numbers.
        CheckRender($"{{% set x = [0] * {items} %}}", [], fits, "more than 1,000,000 steps");

    [Theory]
    [InlineData('x', (16 * MiB) - 1, true)]
    [InlineData('x', 16 * MiB, true)]
    [InlineData('x', (16 * MiB) + 1, false)]
    [InlineData('é', (8 * MiB) - 1, true)]
    [InlineData('é', 8 * MiB, true)]
    [InlineData('é', (8 * MiB) + 1, false)]
    public void Render_OutputBytes_AreLimited(char character, int length, bool fits) =>
        CheckRender("{{ x }}", new() { ["x"] = new string(character, length) }, fits, "beyond 16 MiB");

    [Theory]
    [InlineData((16 * MiB) - 1, true)]
    [InlineData(16 * MiB, true)]
    [InlineData((16 * MiB) + 1, false)]
    public void Render_TextOnTheWay_IsLimited(int length, bool fits) =>
        CheckRender($"{{% set x = 'a' * {length} %}}", [], fits, "beyond 16,777,216 characters");

    [Theory]
    [InlineData(99_999, true)]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public void Render_Range_IsLimited(int count, bool fits) =>
        CheckRender($"{{% set x = range({count}) %}}", [], fits, "it may have 100000");

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Render_MacroCalls_AreLimited(int depth, bool fits) =>
        CheckRender("{% macro f(n) %}{% if n %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(" + depth + ") }}", [], fits, "more than 64 levels deep");

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Render_RecursiveLoops_AreLimited(int depth, bool fits)
    {
        JsonNode items = new JsonArray();
        for (var i = 1; i < depth; i++) items = new JsonArray(items);
        CheckRender("{% for i in x recursive %}{{ loop(i) }}{% endfor %}", new() { ["x"] = items }, fits, "more than 64 levels deep");
    }

    [Theory]
    [InlineData(126, true)]
    [InlineData(127, true)]
    [InlineData(128, false)]
    public void Render_NestedVariables_AreLimited(int depth, bool fits)
    {
        JsonNode nested = new JsonArray();
        for (var i = 1; i < depth; i++) nested = new JsonArray(nested);
        CheckRender("{{ x | tojson | length }}", new() { ["x"] = nested }, fits, "nest deeper than 128 levels");
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void Render_FormatPrecision_IsLimited(int precision, bool fits)
    {
        var template = ChatTemplate.Parse("{{ ('%." + precision + "f' % 0.1) | length }}");
        if (fits) template.Render([]).ShouldBe($"{precision + 2}");
        else Should.Throw<UnsupportedException>(() => template.Render([])).Message.ShouldContain("more than 1000 digits");
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static void CheckParse(string source, bool fits, string problem)
    {
        if (fits) ChatTemplate.Parse(source).Source.ShouldBeSameAs(source);
        else Should.Throw<InputFileException>(() => ChatTemplate.Parse(source)).Message.ShouldContain(problem);
    }

    private static void CheckRender(string source, JsonObject variables, bool fits, string problem)
    {
        var template = ChatTemplate.Parse(source);
        if (fits) template.Render(variables).ShouldNotBeNull();
        else Should.Throw<ConfigException>(() => template.Render(variables)).Message.ShouldContain(problem);
    }
}
