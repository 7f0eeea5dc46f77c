using System.Text;
using CsCheck;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Training;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Training;

public class PlainTextTests
{
    public static TheoryData<string> PreTokenizers => [.. TokenizerTrainingOptions.PreTokenizers];

    [Theory, MemberData(nameof(PreTokenizers))]
    public void Cut_AnyText_NoWordChanges(string name)
    {
        var scanners = KnownPreTokenizers.ByName(new TokenizerTrainingOptions { PreTokenizer = name }.KnownName, "test").Cutters
            .Select(cutter => ((ScannerCutter)cutter).Scanner).ToArray();
        var cuts = 0;
        Gen.Select(RandomText.PlainTexts, RandomText.PlainTexts).Sample(
            pair =>
            {
                var text = pair.Item1 + "\n" + pair.Item2;
                var bytes = Encoding.UTF8.GetBytes(text);
                var cut = PlainText.Cut(bytes);
                if (cut == 0)
                    return;
                cuts++;
                Words(scanners, bytes[..cut], bytes[cut..]).ShouldBe(Words(scanners, bytes), text);
            },
            iter: 2000, threads: 1);
        cuts.ShouldBeGreaterThan(500);
    }

    [Theory]
    [InlineData("a\nb", 2)]
    [InlineData("a\nb\nc\n", 4)]
    [InlineData("a\n  b", 3)]
    [InlineData("a\n  5", 0)]
    [InlineData("a  (", 2)]
    [InlineData("a\n\t b", 0)]
    [InlineData("a\n\nb", 0)]
    [InlineData("a \nb", 0)]
    [InlineData("a\n b", 2)]
    [InlineData("a\n\u00A0b", 0)]
    [InlineData("\u3000\nb", 0)]
    [InlineData("é\n你", 3)]
    [InlineData("\nb", 0)]
    [InlineData("ab", 0)]
    [InlineData("", 0)]
    public void Cut_LineEnd_OnlyBetweenWords(string text, int expected) => PlainText.Cut(Encoding.UTF8.GetBytes(text)).ShouldBe(expected);

    [Fact]
    public void Read_LongTexts_LoseNothing()
    {
        foreach (var text in (string[])[TrainingTexts.Sentences(300_000, 8), "\uFEFF" + new string('é', 200_000) + "\nx", "a\n" + new string(' ', 140_000) + "b"])
        {
            List<TextBlock> blocks = [];
            var all = new TextBlocks(blocks.Add);
            PlainText.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.txt", all);
            all.Flush();
            string.Concat(blocks.Select(block => Encoding.UTF8.GetString(block.Bytes))).ShouldBe(text.TrimStart('\uFEFF'));
            blocks.Count(block => block.Ends[^1] != block.Bytes.Length).ShouldBe(0);
        }
    }

    private static List<(string, long)> Words(Scanner[] scanners, params byte[][] parts)
    {
        var table = new WordTable(10_000);
        var splitter = new WordSplitter(scanners, new AddedTokenTrie([]), table);
        foreach (var part in parts)
            splitter.Add(new TextBlock(part, [part.Length]));
        return [.. Enumerable.Range(0, table.Count).Select(i => (table.Word(i).ToString(), table.Times(i))).OrderBy(word => word.Item1, StringComparer.Ordinal)];
    }
}
