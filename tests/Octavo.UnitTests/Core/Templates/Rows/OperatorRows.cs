namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>Expressions of operators, items and attributes, and what they give.</summary>
internal static class OperatorRows
{
    public const string Arithmetic = """
        1 + 2 * 3 ⇒ «7»
        7 - 2 - 1 ⇒ «4»
        2 ** 3 ** 2 ⇒ «64»
        -2 ** 2 ⇒ «4»
        7 // -2 ⇒ «-4»
        -7 % 3 ⇒ «2»
        7 % -3 ⇒ «-2»
        7.5 // 2 ⇒ «3.0»
        -7.5 % 2 ⇒ «0.5»
        1 / 4 ⇒ «0.25»
        10 / 5 ⇒ «2.0»
        0.1 + 0.2 ⇒ «0.30000000000000004»
        1e16 ⇒ «1e+16»
        1e15 ⇒ «1000000000000000.0»
        1.5e300 * 1e10 ⇒ «inf»
        1e-5 ⇒ «1e-05»
        0.0001 ⇒ «0.0001»
        123456789012345678 ⇒ «123456789012345678»
        3 - 5.0 ⇒ «-2.0»
        true + 1 ⇒ «2»
        - -3 ⇒ «3»
        +true ⇒ «1»
        not 1 ⇒ «False»
        not not '' ⇒ «False»
        5 % 3.5 ⇒ «1.5»
        """;

    public const string Comparison = """
        1 == 1.0 ⇒ «True»
        true == 1 ⇒ «True»
        '1' == 1 ⇒ «False»
        none == false ⇒ «False»
        [1,2] == [1,2.0] ⇒ «True»
        {'a':1} == {'a':1.0} ⇒ «True»
        (1,2) == [1,2] ⇒ «False»
        1 < 2 < 3 ⇒ «True»
        1 < 3 < 2 ⇒ «False»
        'a' < 'b' ⇒ «True»
        'Z' < 'a' ⇒ «True»
        [1,2] < [1,3] ⇒ «True»
        (1,) < (1,0) ⇒ «True»
        1 in [1,2] ⇒ «True»
        'x' in 'xyz' ⇒ «True»
        '' in 'abc' ⇒ «True»
        'a' in {'a':1} ⇒ «True»
        3 not in [1] ⇒ «True»
        not 3 in [1] ⇒ «True»
        nothing == other ⇒ «True»
        nothing == none ⇒ «False»
        none is none ⇒ «True»
        """;

    public const string Logic = """
        'a' if true else 'b' ⇒ «a»
        'a' if false else 'b' ⇒ «b»
        'a' if false ⇒ «»
        ('a' if false) is defined ⇒ «False»
        1 if 0 else 2 if 0 else 3 ⇒ «3»
        1 or 2 ⇒ «1»
        0 or '' ⇒ «»
        0 and 1 ⇒ «0»
        1 and 2 and 3 ⇒ «3»
        '' or 'x' or 'y' ⇒ «x»
        not true or true ⇒ «True»
        not (true and false) ⇒ «True»
        n > 2 and 'yes' or 'no' ⇒ «yes»
        1 if n == 3 and flag else 0 ⇒ «1»
        """;

    public const string Slice = """
        'hello'[1] ⇒ «e»
        'hello'[-1] ⇒ «o»
        'hello'[10] ⇒ «»
        'hello'[1:3] ⇒ «el»
        'hello'[::-1] ⇒ «olleh»
        'hello'[::2] ⇒ «hlo»
        'hello'[-3:] ⇒ «llo»
        'hello'[:-3] ⇒ «he»
        'hello'[3:1] ⇒ «»
        'hello'[4:1:-1] ⇒ «oll»
        [1,2,3,4][::-2] ⇒ «[4, 2]»
        [1,2,3][5:] ⇒ «[]»
        (1,2,3)[1:] ⇒ «(2, 3)»
        emoji[1] ⇒ «👍»
        emoji[2] ⇒ «🏽»
        emoji[::-1] ⇒ «é🏽👍a»
        emoji[1:3] ⇒ «👍🏽»
        emoji|length ⇒ «4»
        emoji[-1] ⇒ «é»
        'abc'[none:2] ⇒ «ab»
        [1,2,3][true] ⇒ «2»
        'abc'['x'] ⇒ «»
        [1,2][1.0] ⇒ «»
        """;

    public const string Path = """
        messages[0].role ⇒ «user»
        messages[0]['role'] ⇒ «user»
        messages[-1].n ⇒ «2»
        messages[5] ⇒ «»
        messages[5] is defined ⇒ «False»
        messages.0.role ⇒ «user»
        (messages|last).content ⇒ «two␊lines»
        messages[0].content.upper() ⇒ «HI»
        messages|map(attribute='content')|map('length')|list ⇒ «[2, 9]»
        none_value.x is defined ⇒ «False»
        none_value.x ⇒ «»
        n.x is defined ⇒ «False»
        messages[0:1]|length ⇒ «1»
        d['a']['x'][-1] ⇒ «True»
        d.a.x.index(2) ⇒ «1»
        [1,1,2].count(1) ⇒ «2»
        mixed[1:3] ⇒ «[1, 2]»
        mixed + [9] ⇒ «[3, 1, 2, 2, 9]»
        [1]*3 ⇒ «[1, 1, 1]»
        2*'ab' ⇒ «abab»
        'ab'*0 ⇒ «»
        'ab'*-1 ⇒ «»
        (1,)+(2,) ⇒ «(1, 2)»
        [nothing]|length ⇒ «1»
        {'a':nothing}|length ⇒ «1»
        none ~ '' ⇒ «None»
        messages[0].items()|list ⇒ «[('role', 'user'), ('content', 'Hi')]»
        messages[1]|tojson ⇒ «{"role": "assistant", "content": "two\nlines", "n": 2}»
        mixed.copy() ⇒ «[3, 1, 2, 2]»
        d.a.copy() ⇒ «{'x': [1, 2.0, None, True]}»
        """;

    public const string Mapping = """
        d.keys()|list ⇒ «['b', 'a', 'items', 'get']»
        d.values()|list|length ⇒ «4»
        d.items()|list|first ⇒ «('b', 1)»
        d['items'] ⇒ «key»
        d.get('nope') ⇒ «None»
        d.get('nope', 7) ⇒ «7»
        d.get('b') ⇒ «1»
        d['get'] ⇒ «5»
        d.b ⇒ «1»
        d.a.x ⇒ «[1, 2.0, None, True]»
        d.a.x[1] ⇒ «2.0»
        d.nope ⇒ «»
        d.nope is defined ⇒ «False»
        {} ⇒ «{}»
        {'a':{}} ⇒ «{'a': {}}»
        {1:2,'x':none} ⇒ «{1: 2, 'x': None}»
        {true:1,1:2} ⇒ «{True: 2}»
        d|length ⇒ «4»
        d.keys() ⇒ «dict_keys(['b', 'a', 'items', 'get'])»
        {'a':1}.items() ⇒ «dict_items([('a', 1)])»
        {'a':1,'b':2}.values() ⇒ «dict_values([1, 2])»
        'b' in d ⇒ «True»
        'zz' in d ⇒ «False»
        {'a':1}|string ⇒ «{'a': 1}»
        """;
}
