namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>Filters, and what they give.</summary>
internal static class FilterRows
{
    public const string ListFilter = """
        items|join ⇒ «bAc»
        items|join(', ') ⇒ «b, A, c»
        messages|join(',', attribute='role') ⇒ «user,assistant»
        items|sort ⇒ «['A', 'b', 'c']»
        items|sort(case_sensitive=true) ⇒ «['A', 'b', 'c']»
        items|sort(reverse=true) ⇒ «['c', 'b', 'A']»
        people|sort(attribute='name')|map(attribute='name')|list ⇒ «['al', 'Bo', 'Cy']»
        people|sort(attribute='age,name')|map(attribute='name')|list ⇒ «['al', 'Bo', 'Cy']»
        people|sort(attribute='age',reverse=true)|map(attribute='name')|join ⇒ «BoCyal»
        mixed|sort ⇒ «[1, 2, 2, 3]»
        mixed|unique|list ⇒ «[3, 1, 2]»
        ['a','A','b']|unique|list ⇒ «['a', 'b']»
        ['a','A']|unique(case_sensitive=true)|list ⇒ «['a', 'A']»
        mixed|max ⇒ «3»
        mixed|min ⇒ «1»
        items|max ⇒ «c»
        items|min ⇒ «A»
        people|max(attribute='age') ⇒ «{'name': 'Bo', 'age': 3, 'tags': ['x']}»
        []|max ⇒ «»
        mixed|sum ⇒ «8»
        people|sum(attribute='age') ⇒ «7»
        [[1],[2]]|sum(start=[]) ⇒ «[1, 2]»
        mixed|reverse|list ⇒ «[2, 2, 1, 3]»
        'abc'|reverse ⇒ «cba»
        mixed|batch(3)|list ⇒ «[[3, 1, 2], [2]]»
        mixed|batch(3,0)|list ⇒ «[[3, 1, 2], [2, 0, 0]]»
        [1,2,3,4,5]|slice(3)|list ⇒ «[[1, 2], [3, 4], [5]]»
        [1,2,3,4,5]|slice(3,'x')|list ⇒ «[[1, 2], [3, 4], [5, 'x']]»
        mixed|first ⇒ «3»
        mixed|last ⇒ «2»
        []|first ⇒ «»
        ''|last ⇒ «»
        'abc'|first ⇒ «a»
        mixed|length ⇒ «4»
        mixed|count ⇒ «4»
        {'a':1}|first ⇒ «a»
        {'a':1,'b':2}|last ⇒ «b»
        {'a':1}|list ⇒ «['a']»
        'abc'|list ⇒ «['a', 'b', 'c']»
        range(3)|list ⇒ «[0, 1, 2]»
        range(3) ⇒ «range(0, 3)»
        range(1,10,3)|list ⇒ «[1, 4, 7]»
        range(5,0,-2)|list ⇒ «[5, 3, 1]»
        range(3)[1] ⇒ «1»
        range(10)|last ⇒ «9»
        range(3)|length ⇒ «3»
        """;

    public const string SelectFilter = """
        people|map(attribute='name')|list ⇒ «['Bo', 'al', 'Cy']»
        people|map(attribute='tags.0')|list ⇒ ✗ ConfigException
        people|map(attribute='tags.0', default='-')|list ⇒ «['x', '-', '-']»
        items|map('upper')|list ⇒ «['B', 'A', 'C']»
        items|map('replace','b','z')|list ⇒ «['z', 'A', 'c']»
        mixed|select|list ⇒ «[3, 1, 2, 2]»
        mixed|select('odd')|list ⇒ «[3, 1]»
        mixed|reject('odd')|list ⇒ «[2, 2]»
        mixed|select('gt',1)|list ⇒ «[3, 2, 2]»
        mixed|select('in',[1,3])|list ⇒ «[3, 1]»
        people|selectattr('tags')|list|length ⇒ «1»
        people|selectattr('tags','defined')|list|length ⇒ «1»
        people|rejectattr('tags','defined')|map(attribute='name')|list ⇒ «['al', 'Cy']»
        people|selectattr('age','equalto',3)|map(attribute='name')|list ⇒ «['Bo', 'Cy']»
        people|selectattr('age','==',3)|list|length ⇒ «2»
        [0,1,none,'']|reject|list ⇒ «[0, None, '']»
        people|groupby('age')|length ⇒ «2»
        people|groupby('age')|map('first')|list ⇒ «[1, 3]»
        people|groupby('age')|map(attribute='grouper')|list ⇒ «[1, 3]»
        ['a','B','A']|groupby('0')|map(attribute='list')|list ⇒ «[['a', 'A'], ['B']]»
        {'b':1,'A':2}|dictsort ⇒ «[('A', 2), ('b', 1)]»
        {'b':1,'A':2}|dictsort(true) ⇒ «[('A', 2), ('b', 1)]»
        {'b':1,'A':2}|dictsort(false,'value') ⇒ «[('b', 1), ('A', 2)]»
        {'b':1,'A':2}|dictsort(reverse=true) ⇒ «[('b', 1), ('A', 2)]»
        {'a':1}|items|list ⇒ «[('a', 1)]»
        nothing|items|list ⇒ «[]»
        """;

    public const string TextFilter = """
        'hello world'|title ⇒ «Hello World»
        "they're a-b (c)"|title ⇒ «They're A-B (C)»
        'hELLO'|capitalize ⇒ «Hello»
        'abc'|upper ⇒ «ABC»
        'ABC'|lower ⇒ «abc»
        5|upper ⇒ «5»
        none|lower ⇒ «none»
        ' x '|trim ⇒ «x»
        'xxaxx'|trim('x') ⇒ «a»
        'abc'|center(9) ~ '|' ⇒ «   abc   |»
        'a\nb\n\nc'|indent ⇒ «a␊    b␊␊    c»
        'a\nb\n\nc'|indent(2,true) ⇒ «  a␊  b␊␊  c»
        'a\nb\n\nc'|indent(2,blank=true) ⇒ «a␊  b␊  ␊  c»
        'a\nb'|indent('>>') ⇒ «a␊>>b»
        'a\nb\n'|indent(1) ⇒ «a␊ b␊»
        'abc'|replace('b','') ⇒ «ac»
        'aaa'|replace('a','b',2) ⇒ «bba»
        123|replace(2,'x') ⇒ «1x3»
        'a b c'|wordcount ⇒ «3»
        "it's a-b"|wordcount ⇒ «4»
        'foo bar baz qux'|truncate(9) ⇒ «foo...»
        'foo bar baz qux'|truncate(9,true) ⇒ «foo ba...»
        'foo bar baz qux'|truncate(11) ⇒ «foo bar baz qux»
        'foo bar baz qux'|truncate(11,false,'...',0) ⇒ «foo bar...»
        '%s-%s'|format(1,2) ⇒ «1-2»
        '%(a)s'|format(a=1) ⇒ «1»
        html|e ⇒ «&lt;a href=&#34;x&#34;&gt;&amp;&#39;»
        html|escape|forceescape ⇒ «&amp;lt;a href=&amp;#34;x&amp;#34;&amp;gt;&amp;amp;&amp;#39;»
        html|safe ⇒ «<a href="x">&'»
        'a'|length ⇒ «1»
        'a<b'|e ~ '<i>' ⇒ «a&lt;b<i>»
        ('<b>'|safe) + '<i>' ⇒ «<b>&lt;i&gt;»
        '<i>' + ('<b>'|safe) ⇒ «&lt;i&gt;<b>»
        ('<b>'|safe)|upper ⇒ «<B>»
        [('x'|safe)] ⇒ «[Markup('x')]»
        ('x'|e) is escaped ⇒ «True»
        'x' is escaped ⇒ «False»
        ('a'|safe)*2 ⇒ «aa»
        ('ab'|safe)[0] + '<' ⇒ «a&lt;»
        ('a<'|e)|replace('a','<') ⇒ «<&lt;»
        (('a b'|safe).split())[0] + '<' ⇒ «a&lt;»
        """;

    public const string NumberFilter = """
        '3'|int ⇒ «3»
        '3.9'|int ⇒ «3»
        'x'|int ⇒ «0»
        'x'|int(9) ⇒ «9»
        'ff'|int(0,16) ⇒ «255»
        '0x1f'|int(0,16) ⇒ «31»
        '0b11'|int(base=2) ⇒ «3»
        3.99|int ⇒ «3»
        -3.99|int ⇒ «-3»
        true|int ⇒ «1»
        none|int ⇒ «0»
        ' 42 '|int ⇒ «42»
        '1_000'|int ⇒ «1000»
        '1__0'|int ⇒ «0»
        '1e3'|int ⇒ «1000»
        '12345678901234567890'|int ⇒ «12345678901234567890»
        '3'|float ⇒ «3.0»
        'x'|float ⇒ «0.0»
        'x'|float(1) ⇒ «1»
        '1e3'|float ⇒ «1000.0»
        ' 2.5 '|float ⇒ «2.5»
        'inf'|float ⇒ «inf»
        '-nan'|float ⇒ «nan»
        true|float ⇒ «1.0»
        3|float ⇒ «3.0»
        '1_0.5'|float ⇒ «10.5»
        5|string ⇒ «5»
        5.0|string ⇒ «5.0»
        -5|abs ⇒ «5»
        -5.5|abs ⇒ «5.5»
        3.14159|round(2) ⇒ «3.14»
        2.5|round ⇒ «2.0»
        3.5|round ⇒ «4.0»
        -2.5|round ⇒ «-2.0»
        2.675|round(2) ⇒ «2.67»
        42.55|round(1,'floor') ⇒ «42.5»
        42.55|round(1,'ceil') ⇒ «42.6»
        42.1|round(method='ceil') ⇒ «43.0»
        3|round ⇒ «3»
        3|round(2) ⇒ «3»
        1e300|round(2) ⇒ «1e+300»
        0.5|round ⇒ «0.0»
        1.5|round ⇒ «2.0»
        1e20|int ⇒ «100000000000000000000»
        1e22|round ⇒ «1e+22»
        """;

    public const string Undefined = """
        nothing|default('x') ⇒ «x»
        ''|default('x') ⇒ «»
        ''|default('x',true) ⇒ «x»
        none|default('x') ⇒ «None»
        none|default('x',boolean=true) ⇒ «x»
        0|d(5,true) ⇒ «5»
        nothing|d ⇒ «»
        nothing|length ⇒ «0»
        nothing|list ⇒ «[]»
        nothing|join ⇒ «»
        nothing|upper ⇒ «»
        nothing|trim ⇒ «»
        nothing|first is defined ⇒ «False»
        nothing|string ~ '|' ⇒ «|»
        nothing|replace('a','b') ⇒ «»
        nothing|wordcount ⇒ «0»
        """;
}
