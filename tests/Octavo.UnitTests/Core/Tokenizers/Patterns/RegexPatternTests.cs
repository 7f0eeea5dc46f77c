using System.Diagnostics;
using Octavo.Core;
using Octavo.Core.Tokenizers.Patterns;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Patterns;

public class RegexPatternTests
{
    [Theory]
    [InlineData("a", "banana", "1-2 3-4 5-6")]
    [InlineData("an+a", "bannana", "1-5")]
    [InlineData("a*", "baaac", "0-0 1-4 5-5")]
    [InlineData("a|ab|abc", "abc", "0-1")]
    [InlineData("(?:ab|a)(?:c|bcd)", "abcd", "0-3")]
    [InlineData("(?:ab|a)(?:c|bcd)x", "abcdx", "0-5")]
    [InlineData("a{2}", "aaaaa", "0-2 2-4")]
    [InlineData("a{2,3}", "aaaaa", "0-3 3-5")]
    [InlineData("a{,2}b", "aaab", "1-4")]
    [InlineData("a{2,}?", "aaaaa", "0-2 2-4")]
    [InlineData("a{2}?b", "aab b", "0-3 4-5")]
    [InlineData("a+?b", "aab", "0-3")]
    [InlineData("a++a", "aaa", "")]
    [InlineData("[^b]?+b", "b", "0-1")]
    [InlineData("(?>a|ab)c", "abc", "")]
    [InlineData("x{a", "x{a", "0-3")]
    [InlineData("(?i:it)'S", "IT'S it's", "0-4")]
    [InlineData("(?i)'s", "'S '\u017F", "0-2 3-5")]
    [InlineData("a(?i)b|c", "aB aC C", "0-2 3-5")]
    [InlineData("(?x) a b # note\n c", "abc", "0-3")]
    [InlineData(@"\s+(?!\S)|\s+", "a   b ", "1-3 3-4 5-6")]
    [InlineData(@"(?<=a)b", "ab bb", "1-2")]
    [InlineData(@"(?<!a)b", "ab bb", "3-4 4-5")]
    [InlineData(@"(?<=ab|c)d", "abd cd d", "2-3 5-6")]
    [InlineData(@"(?<name>a)(b)", "ab", "0-2")]
    [InlineData("^a|b$", "a\na b\nb", "0-1 2-3 4-5 6-7")]
    [InlineData(@"\Aa|b\z", "ab a b", "0-1 5-6")]
    [InlineData(@"b\Z", "b b\n", "2-3")]
    [InlineData(@"\bb|b\B", "b ab ba", "0-1 5-6")]
    [InlineData(".", "a\n😀", "0-1 2-4")]
    [InlineData("(?m:.)", "a\n", "0-1 1-2")]
    [InlineData(@"[a-c&&[^b]]", "abc", "0-1 2-3")]
    [InlineData(@"[^(\s|[.,!?])]+", "a.b c", "0-1 2-3 4-5")]
    [InlineData("[]a]", "]a", "0-1 1-2")]
    [InlineData("[a-]", "-a", "0-1 1-2")]
    [InlineData(@"[\d-x]", "1-x", "0-1 1-2 2-3")]
    [InlineData("[[:digit:][:^space:]]", "1 ٣", "0-1 2-3")]
    [InlineData(@"\p{Lu}\p{^Lu}\P{Lu}", "Aab", "0-3")]
    [InlineData(@"\p{Han}+", "a漢字あ", "1-3")]
    [InlineData(@"\p{L}+", "\U00010400é", "0-3")]
    [InlineData(@"[^\p{L}]", "\U00010400😀", "2-4")]
    [InlineData(@"\x41\x{1F600}\u0042\t", "A😀B\t", "0-5")]
    [InlineData(@"\h+\H", "beefg", "0-5")]
    [InlineData(@"\R", "a\r\nb\n", "1-3 4-5")]
    [InlineData("(?:a*)*b", "aab", "0-3")]
    [InlineData("(?:a|b*)*c", "abbac", "0-5")]
    [InlineData("(?#note)a", "a", "0-1")]
    [InlineData("", "ab", "0-0 1-1 2-2")]
    public void Find_Text_GivesEachOccurrence(string pattern, string text, string places)
    {
        List<TextMatch> matches = [];
        RegexPattern.Create(pattern, "").Find(text, matches);
        string.Join(' ', matches.Select(match => $"{match.Start}-{match.End}")).ShouldBe(places);
    }

    [Theory]
    [InlineData("(a", "opens a group")]
    [InlineData("a)", "closes a group")]
    [InlineData("[a", "ends too early")]
    [InlineData("*a", "repeats nothing")]
    [InlineData("a{3,2}", "runs backwards")]
    [InlineData("[b-a]", "runs backwards")]
    [InlineData(@"\", "ends too early")]
    [InlineData(@"\p{L", "lacks '}'")]
    [InlineData(@"\x{D800}", "names a code point that is none")]
    [InlineData(@"\x{110000}", "names a code point that is none")]
    public void Create_BrokenPattern_IsRefused(string pattern, string names)
    {
        var message = Should.Throw<InputFileException>(() => RegexPattern.Create(pattern, "file: place")).Message;
        message.ShouldStartWith($"file: place: the pattern '{pattern}' ");
        message.ShouldContain(names, Case.Sensitive);
    }

    [Theory]
    [InlineData(@"(a)\1", @"'\1'")]
    [InlineData(@"\X", @"'\X'")]
    [InlineData(@"\p{Emoji}", "the property 'Emoji'")]
    [InlineData("[[:alpha:]]", "the class '[:alpha:]'")]
    [InlineData("(?~a)", "a group of another kind")]
    [InlineData("a{1001}", "more than 1000 repetitions")]
    [InlineData("(?:(?:a{9}b){999}c){999}", "more than 20000 steps")]
    [InlineData("(?<=a+)b", "a look behind over more than 255 characters")]
    public void Create_UnsupportedPattern_IsRefusedByName(string pattern, string names) =>
        Should.Throw<UnsupportedException>(() => RegexPattern.Create(pattern, "file")).Message.ShouldContain(names, Case.Sensitive);

    [Fact]
    public void Create_DeepNesting_IsRefused()
    {
        Should.Throw<UnsupportedException>(() => RegexPattern.Create(new string('(', 5000), ""));
        Should.Throw<UnsupportedException>(() => RegexPattern.Create(new string('[', 5000), ""));
    }

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(?:a|aa)+b")]
    [InlineData("(?:a*)*b")]
    [InlineData("a*a*a*a*a*b")]
    public void Find_PatternThatTriesEndlessly_IsStopped(string pattern)
    {
        var watch = Stopwatch.StartNew();
        Should.Throw<InputFileException>(() => RegexPattern.Create(pattern, "file").Find(new string('a', 3000), [])).Message
            .ShouldStartWith("file: the pattern needs more than ");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Find_LongText_NeedsFewSteps()
    {
        List<TextMatch> matches = [];
        var pattern = RegexPattern.Create(@"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", "");
        pattern.Find(string.Concat(Enumerable.Repeat("Hello, world! 12345\n\n", 20_000)), matches);
        matches.Count.ShouldBe(8 * 20_000);
    }
}
