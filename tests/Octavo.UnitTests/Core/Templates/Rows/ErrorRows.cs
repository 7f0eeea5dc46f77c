namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>Templates at the edge of the grammar or beyond it, and what they render or raise.</summary>
internal static class ErrorRows
{
    public const string Syntax = """
        {% include 'x' %} ⇒ ✗ UnsupportedException
        {% extends 'x' %} ⇒ ✗ UnsupportedException
        {% block a %}{% endblock %} ⇒ ✗ UnsupportedException
        {% do x %} ⇒ ✗ UnsupportedException
        {% autoescape true %}{% endautoescape %} ⇒ ✗ UnsupportedException
        {% if %}{% endif %} ⇒ ✗ InputFileException
        {% for %}{% endfor %} ⇒ ✗ InputFileException
        {% endif %} ⇒ ✗ InputFileException
        {% else %} ⇒ ✗ InputFileException
        {% if true %}{% endfor %} ⇒ ✗ InputFileException
        {{ }} ⇒ ✗ InputFileException
        {{ 1 + }} ⇒ ✗ InputFileException
        {{ 1 2 }} ⇒ ✗ InputFileException
        {{ a b }} ⇒ ✗ InputFileException
        {{ (1 }} ⇒ ✗ InputFileException
        {{ 1) }} ⇒ ✗ InputFileException
        {{ [1 }} ⇒ ✗ InputFileException
        {{ 'abc }} ⇒ ✗ InputFileException
        {{ a.1b }} ⇒ ✗ InputFileException
        {{ a. }} ⇒ ✗ InputFileException
        {{ a[] }} ⇒ ✗ InputFileException
        {{ a[1:2:3:4] }} ⇒ ✗ InputFileException
        {% set %} ⇒ ✗ InputFileException
        {% set 1 = 2 %} ⇒ ✗ InputFileException
        {% set none = 2 %} ⇒ ✗ InputFileException
        {% set a.b.c = 2 %} ⇒ ✗ InputFileException
        {% if a ⇒ ✗ InputFileException
        {{ a ⇒ ✗ InputFileException
        {# a ⇒ ✗ InputFileException
        {% raw %}a ⇒ ✗ InputFileException
        {{ a | }} ⇒ ✗ InputFileException
        {{ a | 1 }} ⇒ ✗ InputFileException
        {{ a is }} ⇒ ✗ InputFileException
        {{ a is b }} ⇒ ✗ UnsupportedException
        {{ a is string is string }} ⇒ ✗ InputFileException
        {{ f(a=1, 2) }} ⇒ ✗ InputFileException
        {{ f(*a, *b) }} ⇒ ✗ InputFileException
        {{ f(**a, b) }} ⇒ ✗ InputFileException
        {{ f(,) }} ⇒ ✗ InputFileException
        {{ [,] }} ⇒ ✗ InputFileException
        {{ {1} }} ⇒ ✗ InputFileException
        {{ {1:} }} ⇒ ✗ InputFileException
        {{ {,} }} ⇒ ✗ InputFileException
        {{ a ? b }} ⇒ ✗ InputFileException
        {{ a && b }} ⇒ ✗ InputFileException
        {{ !a }} ⇒ ✗ InputFileException
        {{ a := 1 }} ⇒ ✗ InputFileException
        {{ 1 if }} ⇒ ✗ InputFileException
        {{ 'a' if true else }} ⇒ ✗ InputFileException
        {{ not }} ⇒ ✗ InputFileException
        {{ a not b }} ⇒ ✗ InputFileException
        {{ a in }} ⇒ ✗ InputFileException
        {{ ; }} ⇒ ✗ InputFileException
        {{ a;b }} ⇒ ✗ InputFileException
        {{ @ }} ⇒ ✗ InputFileException
        {{ $ }} ⇒ ✗ InputFileException
        {% %} ⇒ ✗ InputFileException
        {% 'x' %} ⇒ ✗ InputFileException
        {{ '\x4' }} ⇒ ✗ InputFileException
        {{ '\N{BULLET}' }} ⇒ ✗ UnsupportedException
        {{ "a␊b" }} ⇒ «a␊b»
        {{ 1.2.3 }} ⇒ «»
        {{ [1,[2,3]].1.0 }} ⇒ «2»
        {{ 1e }} ⇒ ✗ InputFileException
        {{ 0x }} ⇒ ✗ InputFileException
        {{ 1__0 }} ⇒ ✗ InputFileException
        {{ _a }} ⇒ «»
        {{ é }} ⇒ «»
        {{ 'a' 1 }} ⇒ ✗ InputFileException
        {{ a|default('x')|upper }} ⇒ «X»
        {{ 'a'|upper.b }} ⇒ ✗ UnsupportedException
        {{ -1|abs }} ⇒ «1»
        {{ -n|abs }} ⇒ «3»
        {{ 1 + 2|string }} ⇒ ✗ ConfigException
        {{ 'a'|upper ~ 'b'|upper }} ⇒ «AB»
        {{ 2 * 3|string }} ⇒ «33»
        {{ not n is odd }} ⇒ «False»
        {{ n is not none and n }} ⇒ «3»
        {{ 'x' if n is defined else 'y' }} ⇒ «x»
        {{ (n is odd) | string }} ⇒ «True»
        {{ n is divisibleby 3 and true }} ⇒ «True»
        {{ n is divisibleby (3) }} ⇒ «True»
        {{ 3 in [n] and n in [3] }} ⇒ «True»
        {{ (1, 2)[0] }} ⇒ «1»
        {{ [1,2,][1] }} ⇒ «2»
        {{ {'a':1,}['a'] }} ⇒ «1»
        {{ range(3,) | list }} ⇒ «[0, 1, 2]»
        {{ dict(a=1,)|length }} ⇒ «1»
        {{ 1,2 }} ⇒ «(1, 2)»
        {{ (1,)|length }} ⇒ «1»
        {{ 'a,b'.split(',')|first }} ⇒ «a»
        {{ 'ab'|list|join('-')|upper }} ⇒ «A-B»
        {{ messages|map(attribute='role')|map('upper')|join }} ⇒ «USERASSISTANT»
        """;

    public const string RuntimeError = """
        {{ nothing.x }} ⇒ ✗ ConfigException
        {{ nothing + 1 }} ⇒ ✗ ConfigException
        {{ nothing < 1 }} ⇒ ✗ ConfigException
        {{ nothing() }} ⇒ ✗ UnsupportedException
        {{ nothing[0] }} ⇒ ✗ ConfigException
        {{ -nothing }} ⇒ ✗ ConfigException
        {{ nothing ~ 'a' }} ⇒ «a»
        {{ nothing == nothing2 }} ⇒ «True»
        {{ 'a' in nothing }} ⇒ «False»
        {{ nothing in 'a' }} ⇒ ✗ ConfigException
        {{ nothing in ['a'] }} ⇒ «False»
        {{ nothing|int }} ⇒ ✗ ConfigException
        {{ nothing|abs }} ⇒ ✗ ConfigException
        {{ nothing|tojson }} ⇒ ✗ ConfigException
        {{ {'a':nothing}|tojson }} ⇒ ✗ ConfigException
        {{ none + 1 }} ⇒ ✗ ConfigException
        {{ none.x.y }} ⇒ ✗ ConfigException
        {{ none[0] }} ⇒ «»
        {{ none|length }} ⇒ ✗ ConfigException
        {{ none|upper }} ⇒ «NONE»
        {{ none|join }} ⇒ ✗ ConfigException
        {{ 1|length }} ⇒ ✗ ConfigException
        {{ 1/0 }} ⇒ ✗ ConfigException
        {{ 1%0 }} ⇒ ✗ ConfigException
        {{ 1.0//0 }} ⇒ ✗ ConfigException
        {{ 'a' * 'b' }} ⇒ ✗ ConfigException
        {{ 'a' - 'b' }} ⇒ ✗ ConfigException
        {{ [1] + (2,) }} ⇒ ✗ ConfigException
        {{ {} + {} }} ⇒ ✗ ConfigException
        {{ 1 < 'a' }} ⇒ ✗ ConfigException
        {{ none < 1 }} ⇒ ✗ ConfigException
        {{ 1 in 5 }} ⇒ ✗ ConfigException
        {{ 1 in 'a' }} ⇒ ✗ ConfigException
        {{ [] in {} }} ⇒ ✗ ConfigException
        {{ {[]:1} }} ⇒ ✗ ConfigException
        {{ {}[[]] }} ⇒ «»
        {{ 'a'.upper(1) }} ⇒ ✗ ConfigException
        {{ 'a'.nope() }} ⇒ ✗ UnsupportedException
        {{ 'a'.join([1]) }} ⇒ ✗ ConfigException
        {{ 'a'.split('') }} ⇒ ✗ ConfigException
        {{ 'abc'.index('x') }} ⇒ ✗ ConfigException
        {{ [1].append(2) }} ⇒ ✗ ConfigException
        {{ {}.update({}) }} ⇒ ✗ ConfigException
        {{ [1].append }} ⇒ «»
        {{ messages|selectattr }} ⇒ ✗ ConfigException
        {{ messages|map }} ⇒ ✗ ConfigException
        {{ [1]|map('nope')|list }} ⇒ ✗ UnsupportedException
        {{ [1]|select('nope')|list }} ⇒ ✗ UnsupportedException
        {{ [1,'a']|sort }} ⇒ ✗ ConfigException
        {{ [[],{}]|unique|list }} ⇒ ✗ ConfigException
        {{ 'x'|round }} ⇒ ✗ ConfigException
        {{ [1]|sum(attribute='x') }} ⇒ ✗ ConfigException
        {{ ['a']|sum }} ⇒ ✗ ConfigException
        {{ 1|first }} ⇒ ✗ ConfigException
        {{ range(3)|map('string')|last }} ⇒ ✗ ConfigException
        {{ range(3)|map('string')|length }} ⇒ ✗ ConfigException
        {{ 'a'|batch(0)|list }} ⇒ «[[], ['a']]»
        {{ [1]|slice(0)|list }} ⇒ ✗ ConfigException
        {{ '%d' % 'a' }} ⇒ ✗ ConfigException
        {{ '%s %s' % 'a' }} ⇒ ✗ ConfigException
        {{ '%s' % (1,2) }} ⇒ ✗ ConfigException
        {{ '%' % 1 }} ⇒ ✗ ConfigException
        {{ '%z' % 1 }} ⇒ ✗ UnsupportedException
        {{ '{'.format() }} ⇒ ✗ ConfigException
        {{ '}'.format() }} ⇒ ✗ ConfigException
        {{ '{}'.format() }} ⇒ ✗ ConfigException
        {{ '{x}'.format() }} ⇒ ✗ ConfigException
        {{ '{0}{}'.format(1,2) }} ⇒ ✗ ConfigException
        {{ '{:d}'.format('a') }} ⇒ ✗ ConfigException
        {{ '{:s}'.format(1) }} ⇒ ✗ UnsupportedException
        {{ '{:>}'.format('a') }} ⇒ «a»
        {{ '{!x}'.format(1) }} ⇒ ✗ UnsupportedException
        {{ '{.role}'.format(messages[0]) }} ⇒ ✗ ConfigException
        {{ '{[role]}'.format(messages[0]) }} ⇒ ✗ ConfigException
        {{ '{a[b]}'.format(a={'b':2}) }} ⇒ «2»
        {{ range() }} ⇒ ✗ ConfigException
        {{ range(1,2,0) }} ⇒ ✗ ConfigException
        {{ range('a') }} ⇒ ✗ ConfigException
        {{ range(100001) }} ⇒ ✗ ConfigException
        {{ range(100000)|length }} ⇒ «100000»
        {{ range(10**18) }} ⇒ ✗ ConfigException
        {{ dict(1) }} ⇒ ✗ ConfigException
        {{ namespace(1) }} ⇒ ✗ ConfigException
        {{ namespace({'a':1},{}) }} ⇒ ✗ ConfigException
        {{ raise_exception('x') }} ⇒ ✗ ConfigException
        {{ raise_exception() }} ⇒ ✗ ConfigException
        {{ raise_exception(1) }} ⇒ ✗ ConfigException
        {{ tojson }} ⇒ «»
        {{ name(1) }} ⇒ ✗ ConfigException
        {{ ''.__class__ }} ⇒ «»
        {{ ''.__class__.x }} ⇒ ✗ ConfigException
        {{ {}.__class__ }} ⇒ «»
        {{ messages.__len__ }} ⇒ «»
        {{ messages|attr('__class__') }} ⇒ «»
        {{ messages[0]|attr('role') }} ⇒ «»
        {{ messages[0]|attr('items') is callable }} ⇒ «True»
        {{ name|attr('upper')() }} ⇒ «WORLD»
        {{ d.__x }} ⇒ «»
        {{ {'_x':1}._x }} ⇒ «1»
        {{ namespace(_x=1)._x }} ⇒ «»
        {{ joiner }} ⇒ ✗ ConfigException
        {{ joiner() }} ⇒ ✗ UnsupportedException
        {{ cycler(1,2) }} ⇒ ✗ UnsupportedException
        {{ lipsum() }} ⇒ ✗ UnsupportedException
        """;

    public const string Mixed = """
        {% if x is defined %}{{ x }}{% endif %}{{ x|default('no') }} ⇒ «no»
        {{ messages|length > 1 and messages[0].role == 'user' }} ⇒ «True»
        {% set content = messages[0].content if messages[0].content is string else '' %}{{ content }} ⇒ «Hi»
        {%- for m in messages -%}␊{{- '<|' + m.role + '|>\n' + m.content|trim + '\n' -}}␊{%- endfor -%} ⇒ «<|user|>␊Hi␊<|assistant|>␊two␊lines␊»
        {% set ns = namespace(i=0) %}{% for m in messages[::-1] %}{% set i = (messages|length - 1) - loop.index0 %}{% if m.role == 'user' and ns.i == 0 %}{% set ns.i = i %}{% endif %}{% endfor %}{{ ns.i }} ⇒ «0»
        {{ '' if messages is string else messages|tojson }} ⇒ «[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "two\nlines", "n": 2}]»
        {% set t = {'a': [1,2], 'b': {'c': none}} %}{% for k, v in t|items %}{{ k }}:{{ v|tojson }}{{ ',' if not loop.last }}{% endfor %} ⇒ «a:[1, 2],b:{"c": null}»
        {{ strftime_now('%Y') is string }} ⇒ «True»
        {{ 'a\␊b' }} ⇒ «ab»
        {{ 'a' }}{# ⇒ ✗ InputFileException
        {{ '#}' }}{# #}x ⇒ «#}x»
        {{ "{% if %}" }} ⇒ «{% if %}»
        {% set x = '%}' %}{{ x }} ⇒ «%}»
        {{ '}}' }} ⇒ «}}»
        {{ {'}}': 1} }} ⇒ «{'}}': 1}»
        {# {{ #}{{ 1 }} ⇒ «1»
        {{ 1 }}}} ⇒ «1}}»
        }} %} #} ⇒ «}} %} #}»
        {{ '-}}' -}} x ⇒ «-}}x»
        {{ 1 -}}␊␊ x ⇒ «1x»
        {{-1}} ⇒ «1»
        {{+1}} ⇒ «1»
        {{ +1 }} ⇒ «1»
        {{ 1 +}} ⇒ ✗ InputFileException
        {{1-}} ⇒ «1»
        {%- set a=1 -%}{{a}} ⇒ «1»
        a{%-  endraw %} ⇒ ✗ InputFileException
        {{ 5 if 1 else 6 }}{{ 5 if 0 else 6 if 0 else 7 }} ⇒ «57»
        {{ [i for i in [1]] }} ⇒ ✗ InputFileException
        {{ lambda }} ⇒ «»
        {{ True and False }} ⇒ «False»
        {{ None }} ⇒ «None»
        {{ TRUE }} ⇒ «»
        {{ NONE is defined }} ⇒ «False»
        """;
}
