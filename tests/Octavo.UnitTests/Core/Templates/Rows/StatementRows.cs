namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>Templates of tags, and what they render.</summary>
internal static class StatementRows
{
    public const string Whitespace = """
        a {% raw %}{{ b }}{% endraw %} c ⇒ «a {{ b }} c»
        a␊  {% raw %}b{% endraw %}␊{{ 1 }} ⇒ «a␊b1»
        a{% raw %}{% endraw %}b{# c #}d{{ 2 }}e ⇒ «abd2e»
        a␊{% if true %}␊b␊{% endif %}␊c ⇒ «a␊b␊c»
        a␊  {% if true %}␊  b␊  {% endif %}␊c␊ ⇒ «a␊  b␊c»
          {%+ if true %}x{%+ endif %} ⇒ «  x»
        {% if true +%}␊x{% endif %} ⇒ «␊x»
        a {%- if true -%} b {%- endif -%} c ⇒ «abc»
        a  {{- ' b ' -}}  c ⇒ «a b c»
        {{ 'a' }}␊{{ 'b' }}␊ ⇒ «a␊b»
        {# c #}␊x ⇒ «x»
          {# c #}  ␊ x ⇒ «  ␊ x»
        a {#- c -#} b ⇒ «ab»
        {# a␊b #}x ⇒ «x»
        x{#+ c +#}␊y ⇒ «x␊y»
        {% raw %}␊ {{ x }} {% if %}␊{% endraw %}␊y ⇒ «␊ {{ x }} {% if %}␊y»
        {%- raw -%}  a  {%- endraw -%}  b ⇒ «ab»
          {% raw %}x{% endraw +%}␊y ⇒ «x␊y»
        {% raw %}{% raw %}{% endraw %} ⇒ «{% raw %}»
        a␍␊b␍c␊ ⇒ «a␊b␊c»
        a␊␊ ⇒ «a␊»
        ␊ ⇒ «»
         ⇒ «»
        {{ '{{' }} ⇒ «{{»
        { {{ 1 }} } ⇒ «{ 1 }»
        {{ {'a':{'b':1}}}} ⇒ «{'a': {'b': 1}}»
        {{ {'a':{'b':1}}.a.b }} ⇒ «1»
        {{'a'}}{{-'b'}} ⇒ «ab»
        {%if true%}x{%endif%} ⇒ «x»
        {% if true: %}x{% endif %} ⇒ «x»
        x {% set a = 1 %} y ⇒ «x  y»
        x␊␉{% set a = 1 %}␊y ⇒ «x␊y»
        ␋{% set a=1 %}␋ ⇒ «␋»
        {{ 1 }}{% set a = 1 %}␊␊{{ a }} ⇒ «1␊1»
        {% for i in [1,2] -%}␊  {{ i }}␊{%- endfor %} ⇒ «12»
        """;

    public const string Set = """
        {% set x %}{% endset %}[{{ x }}] ⇒ «[]»
        {% set x | upper | trim %} ab {% endset %}[{{ x }}] ⇒ «[AB]»
        {% set a, b = 1, 2 %}{{ a }}{{ b }} ⇒ «12»
        {% set a = 1, 2 %}{{ a }} ⇒ «(1, 2)»
        {% set a, = [1] %}{{ a }} ⇒ ✗ InputFileException
        {% set (a, b) = (1, 2) %}{{ a+b }} ⇒ «3»
        {% set a, (b, c) = 1, (2, 3) %}{{ a+b+c }} ⇒ «6»
        {% set ns = namespace() %}{% set ns.x = 1 %}{{ ns.x }}{{ ns }} ⇒ «1<Namespace {'x': 1}>»
        {% set ns = namespace(a=1) %}{% set ns.a, ns.b = 2, 3 %}{{ ns.a }}{{ ns.b }} ⇒ «23»
        {% set ns = {} %}{% set ns.x = 1 %} ⇒ ✗ ConfigException
        {% set a = 1 %}{% if true %}{% set a = 2 %}{% endif %}{{ a }} ⇒ «2»
        {% set a = 1 %}{% for i in [1,2] %}{{ a }}{% set a = a + i %}{{ a }}{% endfor %}{{ a }} ⇒ «12131»
        {% set a, b = 1 %} ⇒ ✗ ConfigException
        {% set a, b = [1,2,3] %} ⇒ ✗ ConfigException
        """;

    public const string For = """
        {% for i in [] %}x{% else %}empty{% endfor %} ⇒ «empty»
        {% for i in [1,2,3] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% else %}e{% endfor %} ⇒ «13»
        {% for i in [1] %}{% continue %}{% else %}e{% endfor %} ⇒ «e»
        {% for i in [1] %}{% break %}{% else %}e{% endfor %} ⇒ «e»
        {% for i in [1,2] %}{% if i==2 %}{% break %}{% endif %}{% else %}e{% endfor %} ⇒ «»
        {% for a, b in pairs %}{{ a }}{{ b }}{% endfor %} ⇒ «a1b2»
        {% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %} ⇒ «b=1;a={'x': [1, 2.0, None, True]};items=key;get=5;»
        {% for k in d %}{{ k }}{% endfor %} ⇒ «baitemsget»
        {% for c in emoji %}[{{ c }}]{% endfor %} ⇒ «[a][👍][🏽][é]»
        {% for i in nothing %}x{% else %}none{% endfor %} ⇒ «none»
        {% for i in none %}x{% endfor %} ⇒ ✗ ConfigException
        {% for i in 5 %}x{% endfor %} ⇒ ✗ ConfigException
        {% for i in range(5) if i is odd %}{{ loop.index }}{{ loop.length }}{{ loop.last }}{{ i }};{% endfor %} ⇒ «12False1;22True3;»
        {% for i in range(3) %}{% for j in range(2) %}{{ loop.index }}{{ loop.first }}{% endfor %}{{ loop.revindex0 }}{% endfor %} ⇒ «1True2False21True2False11True2False0»
        {% for i in range(3) %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }};{% endfor %} ⇒ «<0>1;0<1>2;1<2>;»
        {% for i in range(4) %}{{ loop.cycle('a','b','c') }}{% endfor %} ⇒ «abca»
        {% for i in [1,1,2,2,1] %}{% if loop.changed(i) %}{{ i }}{% endif %}{% endfor %} ⇒ «121»
        {% for i in [[1,[2]],[3]] recursive %}{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}@{{ loop.depth }}{% endif %}{% endfor %} ⇒ «(1@2(2@3))(3@2)»
        {% for i in [1,2] %}{{ loop }}{% endfor %} ⇒ «<LoopContext 1/2><LoopContext 2/2>»
        {% for i in [1] %}{{ loop.nope }}|{{ loop['index'] }}{% endfor %} ⇒ «|1»
        {% for i in 1, 2, 3 %}{{ i }}{% endfor %} ⇒ «123»
        {% for i, in [[1],[2]] %}{{ i }}{% endfor %} ⇒ ✗ InputFileException
        {% for (a, b) in pairs %}{{ a }}{% endfor %} ⇒ «ab»
        {% for a, (b, c) in [(1,(2,3))] %}{{ a }}{{ b }}{{ c }}{% endfor %} ⇒ «123»
        {% for a, b in [1] %}{% endfor %} ⇒ ✗ ConfigException
        {% for a, b in [(1,2,3)] %}{% endfor %} ⇒ ✗ ConfigException
        {% for i in items if i != 'A' else 1 %}{% endfor %} ⇒ ✗ InputFileException
        {% for i in (items if true else []) %}{{ i }}{% endfor %} ⇒ «bAc»
        {% set ns = namespace(stop=false) %}{% for i in range(5) if not ns.stop %}{{ i }}{% if i == 2 %}{% set ns.stop = true %}{% endif %}{% endfor %} ⇒ «012»
        {% set ns = namespace(stop=false) %}{% for i in range(5) if not ns.stop %}{{ i }}{{ loop.last }}{% if i == 2 %}{% set ns.stop = true %}{% endif %}{% endfor %} ⇒ «0False1False2False3True»
        {% for i in [1,2] %}{% set x = i %}{% endfor %}{{ x is defined }} ⇒ «False»
        {% for x in [1] %}{{ x }}{% endfor %}{{ x }} ⇒ «1»
        {% for i in [1,2] %}{% if loop.first %}{% set v = 1 %}{% endif %}{{ v }},{% endfor %} ⇒ «1,,»
        {% for i in range(3) %}{{ loop.index0 }}{% for i in 'ab' %}{{ i }}{% endfor %}{{ i }}{% endfor %} ⇒ «0ab01ab12ab2»
        {% break %} ⇒ ✗ InputFileException
        {% for i in [1,2,3] %}{% set z %}{{ i }}{% endset %}{{ z }}{% endfor %} ⇒ «123»
        {% for i in (1,2)|map('string') %}{{ loop.length }}{{ i }}{% endfor %} ⇒ «2122»
        {% for loop in [1] %}{% endfor %} ⇒ ✗ InputFileException
        {% for i in [3,4] %}{% with %}{{ loop.index }}{% endwith %}{% endfor %} ⇒ «12»
        """;

    public const string If = """
        {% if nothing %}a{% elif n == 3 %}b{% else %}c{% endif %} ⇒ «b»
        {% if 1, 2 %}t{% endif %} ⇒ «t»
        {% if not messages %}a{% else %}b{% endif %} ⇒ «b»
        {% if n is odd and name is string %}y{% endif %} ⇒ «y»
        """;

    public const string Macro = """
        {% macro f(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1) }}|{{ f(1, c=5) }}|{{ f(b=1, a=0) }}|{{ f() }} ⇒ «121|125|010|2»
        {% macro f() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, x=3) }} ⇒ «(1, 2){'x': 3}»
        {% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }} ⇒ ✗ ConfigException
        {% macro f(a) %}{{ a }}{% endmacro %}{{ f(b=2) }} ⇒ ✗ ConfigException
        {% macro f(a) %}{{ a is defined }}{% endmacro %}{{ f() }}{{ f(1) }} ⇒ «FalseTrue»
        {% macro f() %}{{ caller('x') }}{% endmacro %}{% call(v) f() %}[{{ v }}]{% endcall %} ⇒ «[x]»
        {% macro f() %}x{% endmacro %}{% call f() %}y{% endcall %} ⇒ ✗ ConfigException
        {% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }} ⇒ «543210»
        {% macro f() %}{{ y }}{% endmacro %}{% set y = 1 %}{{ f() }}{% set y = 2 %}{{ f() }} ⇒ «12»
        {% for i in [1] %}{% macro g() %}{{ i }}{% endmacro %}{{ g() }}{% endfor %}{{ g is defined }} ⇒ «1False»
        {% macro f() %}{% set y = 3 %}{% endmacro %}{{ f() }}{{ y is defined }} ⇒ «False»
        {% macro f() %} a {% endmacro %}[{{ f()|trim }}] ⇒ «[a]»
        {% macro f(a) %}{% endmacro %}{{ f.name }}{{ f.arguments }}{{ f.catch_kwargs }} ⇒ «f('a',)False»
        {% macro f(a, b) %}{{ a }}-{{ b }}{% endmacro %}{{ f(*[1, 2]) }}{{ f(**{'a': 3, 'b': 4}) }}{{ f(1, **{'b': 2}) }} ⇒ «1-23-41-2»
        {% macro f(a=1, b) %}{% endmacro %} ⇒ ✗ InputFileException
        {{ f() }}{% macro f() %}{% endmacro %} ⇒ ✗ ConfigException
        {% macro f(caller) %}{{ caller() }}{% endmacro %} ⇒ ✗ InputFileException
        {% macro f() %}{{ caller is defined }}{% endmacro %}{{ f() }} ⇒ «False»
        {% macro a() %}<{{ caller() }}>{% endmacro %}{% macro b() %}{% call a() %}{{ caller() }}{% endcall %}{% endmacro %}{% call b() %}x{% endcall %} ⇒ ✗ ConfigException
        {% macro f(x) %}{{ x }}{% endmacro %}{{ f(f(f(1))) }} ⇒ «1»
        {% macro f() %}{{ loop is defined }}{% endmacro %}{% for i in [1] %}{{ f() }}{% endfor %} ⇒ «False»
        {% macro f(a) %}{% for x in a %}{{ loop.index }}{% endfor %}{% endmacro %}{{ f('abc') }} ⇒ «123»
        {{ caller() }} ⇒ ✗ UnsupportedException
        {% macro f(x) %}{{ x }}{% endmacro %}{{ [1,2]|map('f') }} ⇒ ✗ UnsupportedException
        {% call f %}{% endcall %} ⇒ ✗ InputFileException
        {% macro f() %}a{% endmacro %}{{ f }} ⇒ «<Macro 'f'>»
        {% macro m(kwargs) %}{{ kwargs }}{% endmacro %}{{ m(1) }} ⇒ «1»
        {% macro f(a,b,c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(1, c=3, b=2) }}{{ f(a=1, *[]) }} ⇒ «1231»
        """;

    public const string Block = """
        {% filter upper %}a{{ name }}{% endfilter %} ⇒ «AWORLD»
        {% filter replace('a', 'b') | upper %}banana{% endfilter %} ⇒ «BBNBNB»
        {% with a = 1, b = a %}{{ a }}{{ b }}{% endwith %} ⇒ «1»
        {% with %}x{% endwith %} ⇒ «x»
        {% set a = 5 %}{% with a = 1 %}{{ a }}{% set a = 2 %}{{ a }}{% endwith %}{{ a }} ⇒ «125»
        {% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %} ⇒ «12»
        {% print 1, 'a' %} ⇒ «1a»
        {% generation %}x{% set q = 1 %}{% endgeneration %}{{ q is defined }} ⇒ «xFalse»
        {% for i in [1] %}{% generation %}{{ loop.index }}{% endgeneration %}{% endfor %} ⇒ «1»
        {% for i in [1] %}{% generation %}{% break %}{% endgeneration %}{% endfor %} ⇒ ✗ InputFileException
        """;
}
