using CsCheck;
using Octavo.Core.Tokenizers.Normalization;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Normalization;

public class NormalizationFormCTests
{
    [Theory]
    [InlineData("plain", "plain", new[] { 0, 1, 2, 3, 4 })]
    [InlineData("e\u0301x", "éx", new[] { 0, 2 })]
    [InlineData("éx", "éx", new[] { 0, 1 })]
    [InlineData("\u212B", "Å", new[] { 0 })]
    [InlineData("a\u0301\u0323", "ạ\u0301", new[] { 0, 2 })]
    [InlineData("a\u0323\u0302", "ậ", new[] { 0 })]
    [InlineData("\u1112\u1161\u11ABx", "한x", new[] { 0, 3 })]
    [InlineData("\u1112\u1161", "하", new[] { 0 })]
    [InlineData("\uAC00\u11A8", "각", new[] { 0 })]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7", new[] { 0, 1 })]
    [InlineData("\u0958x", "\u0915\u093Cx", new[] { 0, 0, 1 })]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", new[] { 0, 1, 2 })]
    [InlineData("\u0344", "\u0308\u0301", new[] { 0, 0 })]
    [InlineData("\u0301a", "\u0301a", new[] { 0, 1 })]
    [InlineData("\uF900", "\u8C48", new[] { 0 })]
    [InlineData("\U0002F800x", "\u4E3Dx", new[] { 0, 1 })]
    [InlineData("\U0001D157\U0001D165", "\U0001D157\U0001D165", new[] { 0, 1 })]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", new[] { 0, 0 })]
    [InlineData("\U00011099\U000110BA", "\U0001109A", new[] { 0 })]
    [InlineData("\u0DD9\u0DCF\u0DCA", "\u0DDD", new[] { 0 })]
    public void Normalize_Text_ComposesAndSaysWhereFrom(string text, string normal, int[] origins)
    {
        NormalizationFormC.Normalize(text, out var found).ShouldBe(normal);
        found.ShouldBe(origins);
        (NormalizationFormC.IsNormal(text) && normal != text).ShouldBeFalse();
    }

    [Fact]
    public void Normalize_EachCodePoint_AgreesWithItsDecomposition()
    {
        var tables = NormalizationTables.Instance;
        var composed = 0;
        for (var scalar = 0; scalar < 0x110000; scalar++)
        {
            if (scalar is >= 0xD800 and < 0xE000 || !tables.TryDecompose(scalar, out var first, out var second))
                continue;
            var whole = char.ConvertFromUtf32(scalar);
            var apart = char.ConvertFromUtf32(first) + (second < 0 ? "" : char.ConvertFromUtf32(second));
            var normal = NormalizationFormC.Normalize(whole, out _);
            NormalizationFormC.Normalize(apart, out _).ShouldBe(normal);
            composed += normal == whole ? 1 : 0;
        }
        // Unicode 9: 2,060 decompositions without 1,035 of one code point and 85 that do not compose; 11,172 syllables.
        composed.ShouldBe(2060 - 1035 - 85 + 11172);
    }

    [Fact]
    public void Normalize_AnyText_IsStableAndOnlySuspectTextsChange() => RandomText.Texts.Sample(
        text =>
        {
            var normal = NormalizationFormC.Normalize(text, out var origins);
            NormalizationFormC.Normalize(normal, out _).ShouldBe(normal);
            if (NormalizationFormC.IsNormal(text))
            {
                normal.ShouldBe(text);
                origins.ShouldBe(Enumerable.Range(0, origins.Length));
            }
            origins.ShouldBe(origins.Order());
        },
        iter: 2000);
}
