namespace Octavo.UnitTests.Core.Templates.Rows;

/// <summary>Expressions that make texts, and what they give.</summary>
internal static class TextRows
{
    public const string StringMethod = """
        name.upper() ⇒ «WORLD»
        name.lower() ⇒ «world»
        '  x '.strip() ⇒ «x»
        '  x '.lstrip() ~ '|' ⇒ «x |»
        'xxaxx'.strip('x') ⇒ «a»
        'abcabc'.replace('b','X') ⇒ «aXcaXc»
        'abcabc'.replace('b','X',1) ⇒ «aXcabc»
        'abc'.replace('','-') ⇒ «-a-b-c-»
        'a,b,,c'.split(',') ⇒ «['a', 'b', '', 'c']»
        ' a  b '.split() ⇒ «['a', 'b']»
        'a b c'.split(' ',1) ⇒ «['a', 'b c']»
        'a b c'.rsplit(' ',1) ⇒ «['a b', 'c']»
        'a  b c'.split(none,1) ⇒ «['a', 'b c']»
        'a b  c '.rsplit(none,1) ⇒ «['a b', 'c']»
        'a-b-c'.partition('-') ⇒ «('a', '-', 'b-c')»
        'a-b-c'.rpartition('-') ⇒ «('a-b', '-', 'c')»
        'abc'.partition('x') ⇒ «('abc', '', '')»
        'abc'.startswith('ab') ⇒ «True»
        'abc'.endswith(('x','c')) ⇒ «True»
        'abc'.startswith('b',1) ⇒ «True»
        'abcabc'.find('c') ⇒ «2»
        'abcabc'.rfind('c') ⇒ «5»
        'abc'.find('x') ⇒ «-1»
        'abcabc'.index('b') ⇒ «1»
        'abcabc'.count('bc') ⇒ «2»
        'aaa'.count('') ⇒ «4»
        'aaa'.count('aa') ⇒ «1»
        'hello world'.title() ⇒ «Hello World»
        "they're bill's".title() ⇒ «They'Re Bill'S»
        'hELLO'.capitalize() ⇒ «Hello»
        'aBc'.swapcase() ⇒ «AbC»
        'abc'.center(8) ~ '|' ⇒ «  abc   |»
        'abc'.center(6,'*') ⇒ «*abc**»
        'ab'.center(5,'*') ⇒ «**ab*»
        'abc'.ljust(5,'.') ⇒ «abc..»
        'abc'.rjust(5) ⇒ «  abc»
        '42'.zfill(5) ⇒ «00042»
        '-42'.zfill(5) ⇒ «-0042»
        'a\nb\r\nc\n'.splitlines() ⇒ «['a', 'b', 'c']»
        'a\nb\n'.splitlines(true) ⇒ «['a\n', 'b\n']»
        ','.join(items) ⇒ «b,A,c»
        'abc'.isalpha() ⇒ «True»
        '12'.isdigit() ⇒ «True»
        'a1'.isalnum() ⇒ «True»
        ' '.isspace() ⇒ «True»
        ''.isspace() ⇒ «False»
        'Abc Def'.istitle() ⇒ «True»
        'abc'.islower() ⇒ «True»
        'ABC1'.isupper() ⇒ «True»
        'abc'.removeprefix('a') ⇒ «bc»
        'abc'.removesuffix('c') ⇒ «ab»
        '²'.isdigit() ⇒ «True»
        '²'.isdecimal() ⇒ «False»
        'abc'.isascii() ⇒ «True»
        'x'.upper is defined ⇒ «True»
        'x'.nothing is defined ⇒ «False»
        'x'.split is callable ⇒ «True»
        """;

    public const string Casing = """
        'straße'.upper() ⇒ «STRASSE»
        'ΑΣΣ ΑΣ'.lower() ⇒ «ασς ας»
        'ǆ'.title() ⇒ «ǅ»
        'ﬁx'.capitalize() ⇒ «Fix»
        'ŉ'.upper() ⇒ «ʼN»
        'İ'.lower() ⇒ «i̇»
        'ᾳ'.upper() ⇒ «ΑΙ»
        'ᾳ'.title() ⇒ «ᾼ»
        'ß'.title() ⇒ «Ss»
        'ı'.upper() ⇒ «I»
        'ⅷ'.upper() ⇒ «Ⅷ»
        'Ω'.lower() ⇒ «ω»
        'éÉ'.swapcase() ⇒ «Éé»
        'İX'.capitalize() ⇒ «İx»
        """;

    public const string PercentFormat = """
        'a' ~ 1 ~ 2.0 ~ none ~ [1,'x'] ⇒ «a12.0None[1, 'x']»
        'a' 'b' "c" ⇒ «abc»
        '%s' % 5 ⇒ «5»
        '%d items' % 3.9 ⇒ «3 items»
        '%5.2f|%-5s|%05d|%x|%X|%o|%e|%g|%%' % (3.14159,'ab',42,255,255,8,12345.678,0.0001) ⇒ « 3.14|ab   |00042|ff|FF|10|1.234568e+04|0.0001|%»
        '%(a)s' % {'a': 1} ⇒ «1»
        '%r' % 'x' ⇒ «'x'»
        '%c%c' % ('x', 65) ⇒ «xA»
        '%+d % d' % (3, 4) ⇒ «+3  4»
        '%#x' % 255 ⇒ «0xff»
        '%.3s' % 'abcdef' ⇒ «abc»
        '%s' % ((1,2),) ⇒ «(1, 2)»
        '%g' % 1e20 ⇒ «1e+20»
        '%g' % 100000.0 ⇒ «100000»
        '%g' % 1000000.0 ⇒ «1e+06»
        '%.0f' % 0.5 ⇒ «0»
        '%.0f' % 1.5 ⇒ «2»
        '%.1f' % 0.25 ⇒ «0.2»
        '%.2f' % 2.675 ⇒ «2.67»
        '%5s' % 'ü' ⇒ «    ü»
        '%i' % true ⇒ «1»
        """;

    public const string BraceFormat = """
        '{} {}'.format(1, 2) ⇒ «1 2»
        '{1}{0}'.format('a','b') ⇒ «ba»
        '{a}'.format(a=3) ⇒ «3»
        '{:>8}|{:<8}|{:^8}|{:*^9}'.format('ab','ab','ab','ab') ⇒ «      ab|ab      |   ab   |***ab****»
        '{:08.3f}'.format(3.14159) ⇒ «0003.142»
        '{:,}'.format(1234567) ⇒ «1,234,567»
        '{:_}'.format(1234567) ⇒ «1_234_567»
        '{:x} {:#x} {:b} {:o}'.format(255,255,5,8) ⇒ «ff 0xff 101 10»
        '{:.2%}'.format(0.256) ⇒ «25.60%»
        '{:+}'.format(3) ⇒ «+3»
        '{:e}'.format(12345.6) ⇒ «1.234560e+04»
        '{:g}'.format(0.00001) ⇒ «1e-05»
        '{!r}'.format('x') ⇒ «'x'»
        '{{}}'.format() ⇒ «{}»
        '{0[0]}{0[1]}'.format([1,2]) ⇒ «12»
        '{0.role}'.format(messages[0]) ⇒ «user»
        '{:{w}}|'.format('x', w=5) ⇒ «x    |»
        '{:.3}'.format('abcdef') ⇒ «abc»
        '{:.3}'.format(123.456) ⇒ «1.23e+02»
        '{:.3}'.format(1234.5) ⇒ «1.23e+03»
        '{}'.format(true) ⇒ «True»
        '{:d}'.format(true) ⇒ «1»
        '{:>5}'.format(true) ⇒ «    1»
        '{:010,}'.format(1234567) ⇒ «01,234,567»
        '{:=+8d}'.format(42) ⇒ «+     42»
        '{: d}'.format(5) ⇒ « 5»
        '{:5}|'.format(5) ⇒ «    5|»
        '{:5}|'.format('a') ⇒ «a    |»
        '{:f}'.format(2) ⇒ «2.000000»
        '{}'.format(none) ⇒ «None»
        '{:,.2f}'.format(1234567.891) ⇒ «1,234,567.89»
        '{:G}'.format(1e-10) ⇒ «1E-10»
        '{:.0f}'.format(2.5) ⇒ «2»
        '{:#.0f}'.format(2.5) ⇒ «2.»
        '{:08}'.format(-3.5) ⇒ «-00003.5»
        '{:.10g}'.format(0.1) ⇒ «0.1»
        '{:.1}'.format(0.0) ⇒ «0e+00»
        """;
}
