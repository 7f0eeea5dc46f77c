using System.Diagnostics;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Templates;
using Shouldly;

namespace Octavo.UnitTests.Core.Templates;

/// <summary>Templates that want all time, all memory or all of the stack. Each of them ends soon, most with a named error.</summary>
public class HostileTemplateTests
{
    // A bomb that goes off takes hours or the process; this leaves room for a busy machine.
    private const int SecondsAllowed = 10;

    private const string Doubling = "{% set ns = namespace(s='ab', t=[], u=[]) %}{% for i in range(100000) %}";
    private const long MostBytes = 512L << 20;

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}", 100_000)]
    [InlineData("{{ ", "[", "", "]", " }}", 100_000)]
    [InlineData("{{ ", "{'a':", "1", "}", " }}", 50_000)]
    [InlineData("{{ ", "a[", "1", "]", " }}", 100_000)]
    [InlineData("{{ ", "a(", "1", ")", " }}", 100_000)]
    [InlineData("{{ ", "a | default(", "1", ")", " }}", 50_000)]
    [InlineData("{{ ", "a is sameas(", "1", ")", " }}", 50_000)]
    [InlineData("{{ ", "not ", "1", "", " }}", 100_000)]
    [InlineData("{{ ", "-", "1", "", " }}", 100_000)]
    [InlineData("{{ ", "1 if 1 else ", "1", "", " }}", 50_000)]
    [InlineData("{{ 1", " if 1", "", "", " }}", 50_000)]
    [InlineData("", "{% if true %}", "x", "{% endif %}", "", 10_000)]
    [InlineData("", "{% for a in b %}", "x", "{% endfor %}", "", 10_000)]
    [InlineData("", "{% macro f() %}", "x", "{% endmacro %}", "", 10_000)]
    [InlineData("", "{% call f() %}", "x", "{% endcall %}", "", 10_000)]
    [InlineData("{% set ", "(", "a", ")", " = 1 %}", 100_000)]
    public void Parse_DeepNesting_IsRefused(string before, string open, string inner, string close, string behind, int count)
    {
        var source = before + string.Concat(Enumerable.Repeat(open, count)) + inner + string.Concat(Enumerable.Repeat(close, count)) + behind;
        var error = Should.Throw<InputFileException>(() => Watch(() => ChatTemplate.Parse(source).Render([])));
        error.Message.ShouldContain(source.Length > 1 << 20 ? "it may have" : "nest deeper than 64 levels");
    }

    [Theory]
    [InlineData("{{ 1", "+1", " }}", 200_000)]
    [InlineData("{{ 1", " and 1", " }}", 100_000)]
    [InlineData("{{ 1", " ~ 1", " }}", 100_000)]
    [InlineData("{{ 1", " <= 1", " }}", 100_000)]
    [InlineData("{{ 1", " ** 1", " }}", 100_000)]
    [InlineData("{{ 'a'", " | upper", " }}", 100_000)]
    [InlineData("{{ 'a'", "[0]", " }}", 200_000)]
    [InlineData("{{ ", "'a' ", " }}", 200_000)]
    [InlineData("{% if false %}", "{% elif false %}", "{% endif %}", 60_000)]
    [InlineData("", "{{ a }}", "", 100_000)]
    [InlineData("{{ [", "1,", "] | length }}", 200_000)]
    public void Render_LongChains_RenderFlat(string before, string link, string behind, int count)
    {
        var source = before + string.Concat(Enumerable.Repeat(link, count)) + behind;
        Watch(() => ChatTemplate.Parse(source).Render([])).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% macro f(x) %}{{ f(f(x)) }}{% endmacro %}{{ f(1) }}")]
    [InlineData("{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}")]
    [InlineData("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}")]
    [InlineData("{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{{ caller() }}{% endmacro %}{{ f() }}")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{% for j in range(100) %}x{% endfor %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s %}{{ ns.s }}{{ ns.s }}{% endset %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = ([ns.s] * 1000) | join %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = ns.s.replace('a', ns.s) %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = '%s%s' % (ns.s, ns.s) %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = '{0}{0}'.format(ns.s) %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.s = ns.s | tojson | tojson %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.t = ns.t + ns.t + [1] %}{% endfor %}")]
    [InlineData(Doubling + "{% set ns.t = [ns.t] %}{% endfor %}{{ ns.t }}")]
    [InlineData(Doubling + "{% set ns.t = [ns.t] %}{% endfor %}{{ ns.t | tojson }}")]
    [InlineData(Doubling + "{% if i < 50000 %}{% set ns.t = [ns.t] %}{% set ns.u = [ns.u] %}{% endif %}{% endfor %}{{ ns.t == ns.u }}")]
    [InlineData(Doubling + "{% if i < 60 %}{% set ns.t = [ns.t, ns.t] %}{% endif %}{% endfor %}{{ ns.t }}")]
    [InlineData(Doubling + "{% if i < 60 %}{% set ns.t = [ns.t, ns.t] %}{% set ns.u = [ns.u, ns.u] %}{% endif %}{% endfor %}{{ ns.t == ns.u }}")]
    [InlineData("{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}")]
    [InlineData("{% for i in range(100000) %}{{ loop.cycle(*([1] * 1000)) }}{% endfor %}")]
    [InlineData("{% for i in range(100000) %}{% set x = '%.900f' % 1e300 %}{% endfor %}")]
    public void Render_LoopsAndGrowth_AreStopped(string source) => ShouldStop(source);

    [Theory]
    [InlineData("{{ 'a' * 10**9 }}")]
    [InlineData("{{ 'a' * 1000000 * 1000000 }}")]
    [InlineData("{{ [0] * 10**9 }}")]
    [InlineData("{{ (0,) * 9223372036854775807 }}")]
    [InlineData("{{ range(10**9) | list }}")]
    [InlineData("{{ range(-9223372036854775807, 9223372036854775807) }}")]
    [InlineData("{{ '%1000000000d' % 1 }}")]
    [InlineData("{{ '%.1000000000d' % 1 }}")]
    [InlineData("{{ '%.1000000000f' % 1 }}")]
    [InlineData("{{ '%-1000000000s' % 1 }}")]
    [InlineData("{{ '{:1000000000}'.format('a') }}")]
    [InlineData("{{ '{:{w}}'.format('a', w=1000000000) }}")]
    [InlineData("{{ '{:👍<1000000000}'.format('a') }}")]
    [InlineData("{{ '{:01000000000,}'.format(1) }}")]
    [InlineData("{{ '{:.1000000000}'.format(1.5) }}")]
    [InlineData("{{ 'a'.center(10**9) }}")]
    [InlineData("{{ 'a' | center(10**9) }}")]
    [InlineData("{{ 'a'.ljust(10**9, '👍') }}")]
    [InlineData("{{ 'a'.zfill(10**9) }}")]
    [InlineData("{{ 'a\\nb' | indent(10**9) }}")]
    [InlineData("{{ ('a\\n' * 100000) | indent(100000) }}")]
    [InlineData("{{ [1] | tojson(indent=10**9) }}")]
    [InlineData("{{ ([1] * 100000) | tojson(separators=('a' * 100000, 'b')) }}")]
    [InlineData("{{ [1] | batch(10**9, 1) | list }}")]
    [InlineData("{{ [1] | slice(10**9) | list }}")]
    [InlineData("{{ ('a' * 100000).join(['a'] * 100000) }}")]
    [InlineData("{{ (['a'] * 100000) | join('a' * 100000) }}")]
    [InlineData("{{ ('a' * 10000).replace('a', 'a' * 10000) }}")]
    [InlineData("{{ ('a' * 10000) | replace('', 'a' * 10000) }}")]
    [InlineData("{{ ('a' * 8000000) | list | length }}")]
    [InlineData("{{ ('a' * 4000000).split('a') | length }}")]
    [InlineData("{{ 9 ** 9 ** 9 ** 9 }}")]
    public void Render_HugeRequests_AreRefusedBeforeTheyAreMade(string source) => ShouldStop(source);

    [Theory]
    [InlineData("{{ ('a' * 2000000 ~ 'b' ~ 'a' * 2000000) in ('a' * 8000000) }}")]
    [InlineData("{{ ('a' * 12000000).count('a' * 20 ~ 'b' ~ 'a' * 10) }}")]
    [InlineData("{{ ('a' * 8000000).rfind('a' * 1000 ~ 'b' ~ 'a' * 1000) }}")]
    [InlineData("{{ ('ab' * 4000000).strip('cdefghab' * 100000) }}")]
    [InlineData("{% set s = 'İ' * 1000000 %}{% for i in range(100) %}{{ s.lower() | length }}{% endfor %}")]
    [InlineData("{% set s = 'ß' * 1000000 %}{% for i in range(100) %}{{ s.upper() | length }}{% endfor %}")]
    [InlineData("{% set s = 'a b' * 1000000 %}{% for i in range(100) %}{{ s.title() | length }}{% endfor %}")]
    [InlineData("{% set s = 'a' * 4000000 %}{% set t = 'a' * 4000000 %}{% for i in range(100000) %}{% if s == t %}{% endif %}{% endfor %}")]
    [InlineData("{% set s = 'a' * 1000000 %}{% set d = {} %}{% for i in range(100000) %}{% if d[s] %}{% endif %}{% endfor %}")]
    [InlineData("{% set s = '👍' * 2000000 %}{% for i in range(100000) %}{{ s[-1] }}{% endfor %}")]
    [InlineData("{% set a = 'a' * 100000 %}{{ ([a ~ 'b', a ~ 'c'] * 20000) | sort | first | length }}")]
    [InlineData("{{ range(100000) | list | reverse | list | sort | first }}")]
    [InlineData("{{ ('<' * 4000000) | e | e | e | length }}")]
    [InlineData("{{ ('1' * 8000000) | int }}{{ ('1' * 8000000) | float }}")]
    [InlineData("{{ strftime_now('%Y' * 4000000) | length }}")]
    [InlineData("{{ [1] | map(attribute='a.' * 1000000) | list }}")]
    [InlineData("{{ ('a ' * 4000000) | wordcount }}{{ ('a ' * 4000000).split() | length }}")]
    [InlineData("{% set s = '\\x01' * 4000000 %}{{ s | tojson | length }}{{ [s] | string | length }}")]
    public void Render_SlowWork_EndsSoon(string source) => Watch(() => Outcome(source)).ShouldNotBeNull();

    [Fact]
    public void Render_SmallStack_RaisesInsteadOfOverflowing()
    {
        var deep = "{{ " + new string('(', 60) + "1" + new string(')', 60) + " }}";
        var recursion = "{% macro f(n) %}" + string.Concat(Enumerable.Repeat("{% if true %}", 50)) + "{{ f(n) }}"
            + string.Concat(Enumerable.Repeat("{% endif %}", 50)) + "{% endmacro %}{{ f(1) }}";
        var outcomes = new List<string>();
        var thread = new Thread(() => outcomes.AddRange([Outcome(deep), Outcome(recursion)]), 384 * 1024);
        thread.Start();
        thread.Join();
        outcomes.Count.ShouldBe(2);
        outcomes[1].ShouldContain("Exception");
    }

    [Fact]
    public void ParseAndRender_RandomTokens_RaiseOnlyNamedErrors()
    {
        string[] tokens =
        [
            "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "~", "*", "**", "/", "//", "%", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|", "=", "==", "<",
            "if", "else", "elif", "endif", "for", "in", "endfor", "set", "endset", "macro", "endmacro", "call", "endcall", "is", "not", "and", "or",
            "raw", "endraw", "loop", "caller", "recursive", "break", "continue", "generation", "a", "b", "true", "none", "1", "2.5", "'x'", "\"", "\\",
            "upper", "map", "join", "tojson", "defined", "format", "items", "\n", " ", "👍", "\ud800",
        ];
        Gen.Int[0, tokens.Length - 1].Array[0, 25].Sample(
            places => Outcome(string.Join(' ', places.Select(place => tokens[place]))).ShouldNotBeNull(), iter: 3000);
    }

    private static void ShouldStop(string source)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<OctavoException>(() => Watch(() => ChatTemplate.Parse(source).Render([])));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes);
    }

    // Anything but a named error goes through and fails the test.
    private static string Outcome(string source)
    {
        try
        {
            return ChatTemplate.Parse(source).Render([]);
        }
        catch (OctavoException error)
        {
            return error.GetType().Name;
        }
    }

    private static string Watch(Func<string> work)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            return work();
        }
        finally
        {
            watch.Elapsed.TotalSeconds.ShouldBeLessThan(SecondsAllowed);
        }
    }
}
