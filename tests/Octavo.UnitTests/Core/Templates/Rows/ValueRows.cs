namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>Values as they are shown, tests and functions.</summary>
internal static class ValueRows
{
    public const string Json = """
        d|tojson ⇒ «{"b": 1, "a": {"x": [1, 2.0, null, true]}, "items": "key", "get": 5}»
        d.a|tojson(indent=2) ⇒ «{␊  "x": [␊    1,␊    2.0,␊    null,␊    true␊  ]␊}»
        []|tojson(indent=2) ⇒ «[]»
        {}|tojson(indent=2) ⇒ «{}»
        [1,[]]|tojson(indent=1) ⇒ «[␊ 1,␊ []␊]»
        emoji|tojson ⇒ «"a👍🏽é"»
        emoji|tojson(ensure_ascii=true) ⇒ «"a\ud83d\udc4d\ud83c\udffd\u00e9"»
        [1,2.0,1e100,true,none]|tojson ⇒ «[1, 2.0, 1e+100, true, null]»
        {1:2,none:3,true:4,1.5:6}|tojson ⇒ «{"1": 4, "null": 3, "1.5": 6}»
        d|tojson(sort_keys=true) ⇒ «{"a": {"x": [1, 2.0, null, true]}, "b": 1, "get": 5, "items": "key"}»
        [1,{'a':2}]|tojson(separators=(',',':')) ⇒ «[1,{"a":2}]»
        [1,2]|tojson(indent='--') ⇒ «[␊--1,␊--2␊]»
        big|tojson ⇒ «12345678901234567890123»
        (1,2)|tojson ⇒ «[1, 2]»
        'x'|tojson(indent=4) ⇒ «"x"»
        messages|tojson ⇒ «[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "two\nlines", "n": 2}]»
        tiny|tojson ⇒ «1e-07»
        huge|tojson ⇒ «1e+22»
        {'a':1}|tojson(indent=0) ⇒ «{␊"a": 1␊}»
        {'b':1,'a':[1]}|tojson(separators=(', ',': '),indent=2) ⇒ «{␊  "b": 1, ␊  "a": [␊    1␊  ]␊}»
        """;

    public const string Float = """
        big ⇒ «12345678901234567890123»
        huge ⇒ «1e+22»
        tiny ⇒ «1e-07»
        1e100 ⇒ «1e+100»
        123456.789 ⇒ «123456.789»
        100000.0 ⇒ «100000.0»
        1e15 ⇒ «1000000000000000.0»
        1e16 ⇒ «1e+16»
        123456789.123456789 ⇒ «123456789.12345679»
        0.1 ⇒ «0.1»
        1/3 ⇒ «0.3333333333333333»
        2/3*100 ⇒ «66.66666666666666»
        5e-324 ⇒ «5e-324»
        1.7976931348623157e308 ⇒ «1.7976931348623157e+308»
        -0.0 ⇒ «-0.0»
        0.00001234 ⇒ «1.234e-05»
        [1.0,1e-7] ⇒ «[1.0, 1e-07]»
        1_000.5 ⇒ «1000.5»
        0x1F ⇒ «31»
        0b101 ⇒ «5»
        0o17 ⇒ «15»
        00 ⇒ «0»
        1e3 ⇒ «1000.0»
        """;

    public const string Representation = """
        'a"b'|string ⇒ «a"b»
        ['a"b', "a'b", 'a\'"b', '\\', '\n\t\r', '\x00\x7f\xa0é\u2028\U0001f600'] ⇒ «['a"b', "a'b", 'a\'"b', '\\', '\n\t\r', '\x00\x7f\xa0é\u2028😀']»
        ('a',) ⇒ «('a',)»
        () ⇒ «()»
        (1,) ⇒ «(1,)»
        [()] ⇒ «[()]»
        [none,true,false] ⇒ «[None, True, False]»
        nested ⇒ «[[1, [2, [3]]], 4]»
        {'a':'b'} ⇒ «{'a': 'b'}»
        [nothing] ⇒ «[Undefined]»
        ['\u00ad','\ue000'] ⇒ «['\xad', '\ue000']»
        '\d\q' ⇒ «\d\q»
        '\101\x41\u0041' ⇒ «AAA»
        "\'" ⇒ «'»
        'a\␊b' ⇒ «ab»
        '\é\€' ⇒ «\xe9\u20ac»
        """;

    public const string Test = """
        1 is number ⇒ «True»
        1.0 is number ⇒ «True»
        true is number ⇒ «True»
        '1' is number ⇒ «False»
        1 is integer ⇒ «True»
        true is integer ⇒ «False»
        1.0 is float ⇒ «True»
        'a' is string ⇒ «True»
        [] is sequence ⇒ «True»
        {} is sequence ⇒ «True»
        'a' is sequence ⇒ «True»
        1 is sequence ⇒ «False»
        {} is mapping ⇒ «True»
        [] is mapping ⇒ «False»
        [] is iterable ⇒ «True»
        1 is iterable ⇒ «False»
        none is iterable ⇒ «False»
        nothing is iterable ⇒ «True»
        nothing is sequence ⇒ «True»
        range(2) is sequence ⇒ «True»
        {}.keys() is sequence ⇒ «False»
        true is boolean ⇒ «True»
        1 is boolean ⇒ «False»
        none is none ⇒ «True»
        nothing is none ⇒ «False»
        nothing is undefined ⇒ «True»
        name is defined ⇒ «True»
        3 is odd ⇒ «True»
        4 is even ⇒ «True»
        3 is even ⇒ «False»
        6 is divisibleby 3 ⇒ «True»
        6 is divisibleby(4) ⇒ «False»
        'a' is in 'abc' ⇒ «True»
        'a' is in(['a']) ⇒ «True»
        1 is eq 1 ⇒ «True»
        1 is equalto(1) ⇒ «True»
        1 is ne 2 ⇒ «True»
        1 is lt 2 ⇒ «True»
        2 is gt 1 ⇒ «True»
        2 is ge 2 ⇒ «True»
        2 is le 1 ⇒ «False»
        2 is lessthan 3 ⇒ «True»
        2 is greaterthan 3 ⇒ «False»
        1 is == 1 if false else 2 ⇒ ✗ InputFileException
        'abc' is lower ⇒ «True»
        'ABC' is upper ⇒ «True»
        'aBc' is upper ⇒ «False»
        true is true ⇒ «True»
        1 is true ⇒ «False»
        false is false ⇒ «True»
        0 is false ⇒ «False»
        none is sameas none ⇒ «True»
        1 is sameas true ⇒ «False»
        'upper' is filter ⇒ «True»
        'nope' is filter ⇒ «False»
        'odd' is test ⇒ «True»
        'nope' is test ⇒ «False»
        name is not defined ⇒ «False»
        name is not string ⇒ «False»
        not name is defined ⇒ «False»
        name is string and n is number ⇒ «True»
        name is defined and name is string ⇒ «True»
        range is callable ⇒ «True»
        name is callable ⇒ «False»
        nothing is callable ⇒ «True»
        1.5 is odd ⇒ «False»
        true is odd ⇒ «True»
        """;

    public const string Function = """
        dict(a=1,b=2) ⇒ «{'a': 1, 'b': 2}»
        dict({'a':1},b=2) ⇒ «{'a': 1, 'b': 2}»
        dict([['a',1],['b',2]]) ⇒ «{'a': 1, 'b': 2}»
        namespace(a=1) ⇒ «<Namespace {'a': 1}>»
        namespace(a=1).a ⇒ «1»
        namespace({'x':2}).x ⇒ «2»
        namespace().y is defined ⇒ «False»
        range(0)|list ⇒ «[]»
        range(2,2)|list ⇒ «[]»
        range(-1)|list ⇒ «[]»
        """;
}
