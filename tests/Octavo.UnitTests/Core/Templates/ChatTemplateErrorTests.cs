using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

public class ChatTemplateErrorTests
{
    [Theory]
    [InlineData("a\nb\n{{ 'x' | nosuch }}", "line 3", "the filter 'nosuch'", "selectattr")]
    [InlineData("a\n{% if x is nosuch %}{% endif %}", "line 2", "the test 'nosuch'", "divisibleby")]
    [InlineData("\n\n\n{% include 'x' %}", "line 4", "the tag 'include'", "macro")]
    [InlineData("{% frobnicate %}", "line 1", "the tag 'frobnicate'", "for")]
    [InlineData("{% set x = 'a\nb' %}{{ x | pprint }}", "line 2", "the filter 'pprint'", "")]
    public void Parse_UnknownConstruct_IsNamedWithLineAndChoices(string template, string line, string what, string choice)
    {
        var error = Should.Throw<UnsupportedException>(() => ChatTemplate.Parse(template));
        error.Message.ShouldContain(line);
        error.Message.ShouldContain(what);
        error.Message.ShouldContain(choice);
    }

    [Theory]
    [InlineData("a\n{{ nosuch() }}", "line 2", "the function 'nosuch'", "strftime_now")]
    [InlineData("{{ 'x'.nosuch() }}", "line 1", "the method 'nosuch' of str", "removeprefix")]
    [InlineData("{{ 'x'.translate({}) }}", "line 1", "the method 'translate' of str", "removeprefix")]
    [InlineData("{{ [1] | map('nosuch') | list }}", "line 1", "the filter 'nosuch'", "upper")]
    [InlineData("{{ [1]\n | select('nosuch') | list }}", "line 2", "the test 'nosuch'", "odd")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "line 1", "a number beyond 64 bits", "")]
    [InlineData("{{ strftime_now('%Q') }}", "line 1", "the time format %Q", "%Y")]
    [InlineData("{{ cycler(1) }}", "line 1", "the function 'cycler'", "namespace")]
    public void Render_UnknownFunctionOrMethod_IsNamedWithLine(string template, string line, string what, string choice)
    {
        var error = Should.Throw<UnsupportedException>(() => ChatTemplate.Parse(template).Render([]));
        error.Message.ShouldContain(line);
        error.Message.ShouldContain(what);
        error.Message.ShouldContain(choice);
    }

    [Theory]
    [InlineData("{% if true %}\n{{ 1 }}", "the block 'if' of line 1 has no end; 'endif' is expected")]
    [InlineData("{% for a in b %}\n{% endif %}", "line 2: 'endif' stands where the end of the block 'for' of line 1 is expected")]
    [InlineData("x\n{% endfor %}", "line 2: 'endfor' ends a block that was not begun")]
    [InlineData("\n{{ (1 + 2 }}", "line 2: '}' stands where ')' is expected")]
    [InlineData("{{ 1 2 }}", "'}}' is expected, but '2' stands there")]
    [InlineData("{{ 'abc }}", "has no end")]
    [InlineData("a\n\n{# b", "line 3: a comment '{#' has no end")]
    [InlineData("{% raw %}", "a block 'raw' has no 'endraw'")]
    [InlineData("{{ '\\ud800' }}", "is no character")]
    [InlineData("{% break %}", "'break' stands outside of a loop")]
    [InlineData("{% for i in [1] %}{% macro f() %}{% continue %}{% endmacro %}{% endfor %}", "'continue' stands outside of a loop")]
    [InlineData("{% set true = 1 %}", "nothing can be assigned to 'true'")]
    [InlineData("{% for loop in [1] %}{% endfor %}", "nothing can be assigned to 'loop'")]
    [InlineData("{% macro f(a=1, b) %}{% endmacro %}", "the parameter 'b' without a default")]
    [InlineData("{% call f %}{% endcall %}", "a call block needs a call")]
    public void Parse_MalformedTemplate_SaysLineAndProblem(string template, string problem)
    {
        var error = Should.Throw<InputFileException>(() => ChatTemplate.Parse(template));
        error.Message.ShouldContain(problem);
        error.Message.ShouldContain("Repair the template");
    }

    [Theory]
    [InlineData("a\n{{ nothing.attribute }}", "line 2: 'nothing' is undefined")]
    [InlineData("{{ messages[3].role }}", "list object has no element 3")]
    [InlineData("{{ messages[0].nope.x }}", "'dict object' has no attribute 'nope'")]
    [InlineData("{% for m in messages %}\n{{ 'a' + m.n }}{% endfor %}", "line 2: only a text can be added to a text, not a int")]
    [InlineData("{{ messages.append(1) }}", "would change a list")]
    [InlineData("{{ messages[0].pop('role') }}", "would change a mapping")]
    [InlineData("{{ messages[0].items }}", "['items']")]
    [InlineData("{{ 1 < 'a' }}", "'<' is not supported between a int and a str")]
    [InlineData("{{ 1 // 0 }}", "a division by zero")]
    [InlineData("{% macro f(a) %}{% endmacro %}\n{{ f(1, 2) }}", "line 2: macro 'f' takes at most 1 arguments, not 2")]
    [InlineData("{% macro f(a) %}{% endmacro %}{{ f(b=2) }}", "macro 'f' takes no argument named 'b'")]
    [InlineData("{% set a, b = 1, 2, 3 %}", "2 names cannot take 3 values")]
    [InlineData("{% set x.y = 1 %}", "'x' is no namespace")]
    [InlineData("{{ 'x' | replace('a') }}", "replace lacks its argument 'new'")]
    [InlineData("{{ messages | tojson(nope=1) }}", "tojson takes no argument named 'nope'")]
    public void Render_VariablesThatDoNotFit_SaysLineProblemAndRemedy(string template, string problem)
    {
        var variables = JsonNode.Parse("""{"messages": [{"role": "user", "n": 1}]}""")!.AsObject();
        var error = Should.Throw<ConfigException>(() => ChatTemplate.Parse(template).Render(variables));
        error.Message.ShouldContain(problem);
        error.Message.ShouldContain("Check that the conversation");
    }

    [Fact]
    public void Render_RaiseException_ShowsItsMessageAsItIs()
    {
        var template = ChatTemplate.Parse("\n\n{{ raise_exception('Only user and ' ~ 'assistant, please! é') }}");
        Should.Throw<ConfigException>(() => template.Render([])).Message.ShouldBe("Only user and assistant, please! é");
    }

    [Theory]
    [InlineData("{{ ''.__class__.__mro__ }}")]
    [InlineData("{{ messages.GetType().Assembly }}")]
    [InlineData("{{ messages.Count.x }}")]
    [InlineData("{{ 'a'.Length.x }}")]
    [InlineData("{{ namespace.__init__.__globals__ }}")]
    [InlineData("{{ '{0.__class__.x}'.format('a') }}")]
    [InlineData("{{ messages | map(attribute='__class__.x') | list }}")]
    [InlineData("{{ messages | attr('GetType') () }}")]
    public void Render_ReachForTheRuntime_FindsNothing(string template)
    {
        var variables = JsonNode.Parse("""{"messages": ["a"]}""")!.AsObject();
        Should.Throw<OctavoException>(() => ChatTemplate.Parse(template).Render(variables));
    }
}
