using CsCheck;
using Octavo.Core.Tokenizers.Patterns;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.PreTokenizers;

public class CutterTests
{
    [Theory]
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("Removed", true, "-|-|-")]
    public void Cut_Behavior_TreatsOccurrencesSo(string behavior, bool invert, string pieces) =>
        Cut(new PatternCutter(new LiteralPattern("-"), Enum.Parse<SplitBehavior>(behavior), invert), "the-final--countdown").ShouldBe(pieces);

    [Theory]
    [InlineData("Hey, man!", "Hey|,|man|!")]
    [InlineData(" a_b $5 ", "a|_|b|$|5")]
    [InlineData("،😀«", "،|😀|«")]
    public void Cut_Bert_TakesMarksApart(string text, string pieces) => Cut(new BertCutter(), text).ShouldBe(pieces);

    [Theory]
    [InlineData("▁▁a▁b", "▁▁a|▁b")]
    [InlineData("a▁▁", "a|▁▁")]
    [InlineData("▁", "▁")]
    public void Cut_Border_GoesBeforeRunsOfTheSign(string text, string pieces) => Cut(new BorderCutter('▁'), text).ShouldBe(pieces);

    [Theory]
    [InlineData("ab😀d", "ab|😀d")]
    [InlineData("abc", "ab|c")]
    public void Cut_FixedLength_CountsCodePoints(string text, string pieces) => Cut(new FixedLengthCutter(2), text).ShouldBe(pieces);

    [Theory]
    [InlineData("どこで生れ。Yes", "どこで生れ|。|Yes")]
    [InlineData("Apples are りんご 林檎", "Apples are |りんご 林檎")]
    [InlineData("  abc", "abc")]
    [InlineData("  ", "")]
    public void Cut_Scripts_TakesJapaneseForOne(string text, string pieces) => Cut(new ScriptCutter(), text).ShouldBe(pieces);

    [Fact]
    public void Cut_AnyText_GivesPiecesInOrder() => RandomText.Texts.Sample(
        text =>
        {
            Cutter[] cutters =
            [
                new BertCutter(), new ScriptCutter(), new FixedLengthCutter(3), new PatternCutter(new WordPattern(), SplitBehavior.Removed, invert: true),
                new PatternCutter(new SetPattern(ScalarSets.Numeric), SplitBehavior.MergedWithNext), new ScannerCutter(new Gpt2Scanner()),
            ];
            foreach (var cutter in cutters)
            {
                List<TextCut> cuts = [];
                if (text.Length > 0)
                    cutter.Cut(text, cuts);
                var end = 0;
                foreach (var cut in cuts)
                {
                    cut.Start.ShouldBeGreaterThanOrEqualTo(end);
                    cut.End.ShouldBeGreaterThan(cut.Start);
                    end = cut.End;
                }
                end.ShouldBeLessThanOrEqualTo(text.Length);
            }
        },
        iter: 1000);

    private static string Cut(Cutter cutter, string text)
    {
        List<TextCut> cuts = [];
        cutter.Cut(text, cuts);
        return string.Join('|', cuts.Select(cut => text[cut.Start..cut.End]));
    }
}
