using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers.PreTokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.PreTokenizers;

public class ScannerTests
{
    [Theory]
    [InlineData("Hello, world!", "Hello|,| world|!")]
    [InlineData("don't I'M we'll 's", "don|'t| I|'|M| we|'ll| '|s")]
    [InlineData("a  b   c ", "a| | b|  | c| ")]
    [InlineData(" \n\n x", " \n\n| x")]
    [InlineData("x\n\ny", "x|\n|\n|y")]
    [InlineData("tab\there", "tab|\t|here")]
    [InlineData("12345 6", "12345| 6")]
    [InlineData("½Ⅷ٣\U0001D7D8", "½Ⅷ٣\U0001D7D8")]
    [InlineData("a\u00A0b", "a|\u00A0|b")]
    [InlineData("a \u00A0b", "a| |\u00A0|b")]
    [InlineData("\U00010400\U00020000!", "\U00010400\U00020000|!")]
    [InlineData("é e\u0301x", "é| e|\u0301|x")]
    [InlineData("a\u0085\u001Cb", "a|\u0085|\u001C|b")]
    public void Next_Gpt2_SplitsAsItsPattern(string text, string pieces) => Split(text, new Gpt2Scanner()).ShouldBe(pieces);

    [Theory]
    [InlineData("Hello, world!", "Hello|,| world|!")]
    [InlineData("don't I'M WE'LL x'Sy", "don|'t| I|'M| WE|'LL| x|'S|y")]
    [InlineData("'x ''s", "'x| ''|s")]
    [InlineData("'\u017Fx", "'\u017F|x")]
    [InlineData("a\tb (c)", "a|\tb| (|c|)")]
    [InlineData("12345 6", "123|45| |6")]
    [InlineData("\U0001D7D8\U0001D7D8\U0001D7D8\U0001D7D8", "\U0001D7D8\U0001D7D8\U0001D7D8|\U0001D7D8")]
    [InlineData("x!\r\n\r\n y", "x|!\r\n\r\n| y")]
    [InlineData("x \n  \n  y", "x| \n  \n| | y")]
    [InlineData("x \n", "x| \n")]
    [InlineData("a   b  ", "a|  | b|  ")]
    [InlineData("\U0001F600\U00010400x", "\U0001F600\U00010400x")]
    [InlineData("\r\u00A0x", "\r|\u00A0x")]
    [InlineData(" \u00A0x", " |\u00A0x")]
    public void Next_Llama3_SplitsAsItsPattern(string text, string pieces) => Split(text, new Llama3Scanner(3)).ShouldBe(pieces);

    [Theory]
    [InlineData("12345 6", "1|2|3|4|5| |6")]
    [InlineData("a1b", "a|1|b")]
    public void Next_Qwen2_TakesNumbersOneByOne(string text, string pieces) => Split(text, new Llama3Scanner(1)).ShouldBe(pieces);

    [Theory]
    [InlineData(true, "a1|2|b c|½|\U0001D7D8|", "a|1|2|b c|½|\U0001D7D8")]
    [InlineData(false, "a12b c½\U0001D7D8", "a|12|b c|½\U0001D7D8")]
    public void Next_Digits_TakesNumbersApart(bool individual, string text, string pieces) =>
        Split(text.Replace("|", "", StringComparison.Ordinal), new DigitsScanner(individual)).ShouldBe(pieces);

    [Fact]
    public void Next_AnyText_MovesOnAndLosesNothing() => RandomText.Texts.Sample(
        text =>
        {
            foreach (var scanner in new Scanner[] { new Gpt2Scanner(), new Llama3Scanner(3), new Llama3Scanner(1), new DigitsScanner(true), new WholeScanner() })
            {
                for (var rest = text.AsSpan(); !rest.IsEmpty;)
                {
                    var length = scanner.Next(rest);
                    length.ShouldBeInRange(1, rest.Length);
                    rest = rest[length..];
                }
            }
        },
        iter: 500);

    [Fact]
    public void ByName_UnknownName_IsRefusedWithTheKnownOnes()
    {
        const string start = "file: 'key': the pre-tokenizer 'gpt-5' is not supported. Supported are: ";
        var message = Should.Throw<UnsupportedException>(() => KnownPreTokenizers.ByName("gpt-5", "file: 'key'")).Message;
        message.ShouldStartWith(start);
        var names = message[start.Length..].TrimEnd('.').Split(", ");
        names.ShouldContain("llama-bpe");
        foreach (var name in names)
            KnownPreTokenizers.ByName(name, "").Cutters.ShouldNotBeEmpty(name);
    }

    [Theory]
    [InlineData("gpt-4o", "HelloWorld don't 12345!\n", "Hello|World| don't| |123|45|!\n")]
    [InlineData("tekken", "HelloWorld don't 12", "Hello|World| don|'t| |1|2")]
    [InlineData("qwen35", "हिन्दी it's", "हिन्दी| it|'s")]
    [InlineData("deepseek-v3", "a日本1234 #tag", "a|日本|123|4| #|tag")]
    [InlineData("deepseek-coder", "a b\n12", "a| b|\n|1|2")]
    [InlineData("bloom", "a, b.c", "a|,| b|.|c")]
    [InlineData("viking", "a12", "a|1|2")]
    [InlineData("seed-coder", "a!\n1", "a|!|\n|1")]
    [InlineData("bailingmoe", "I'M 12", "I|'M| |1|2")]
    public void ByName_PatternOfAModel_CutsAsTheModelDoes(string name, string text, string pieces)
    {
        List<string> parts = [text];
        foreach (var cutter in KnownPreTokenizers.ByName(name, "").Cutters)
        {
            parts = [.. parts.SelectMany(part =>
            {
                List<TextCut> cuts = [];
                cutter.Cut(part, cuts);
                return cuts.Select(cut => part[cut.Start..cut.End]);
            })];
        }
        string.Join('|', parts).ShouldBe(pieces);
    }

    [Fact]
    public void ClassAt_WhiteSpace_IsThePropertyWhiteSpace()
    {
        List<int> found = [];
        for (var scalar = 0; scalar < 0x110000; scalar++)
        {
            if (scalar is < 0xD800 or > 0xDFFF && Scalars.ClassAt(char.ConvertFromUtf32(scalar), 0, out _) >= ScalarClass.Space)
                found.Add(scalar);
        }
        int[] property =
        [
            .. Enumerable.Range(0x09, 5), 0x20, 0x85, 0xA0, 0x1680, .. Enumerable.Range(0x2000, 11), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
        ];
        found.ShouldBe(property);
    }

    private static string Split(string text, Scanner scanner)
    {
        List<string> pieces = [];
        for (var rest = text; rest.Length > 0; rest = rest[pieces[^1].Length..])
            pieces.Add(rest[..scanner.Next(rest)]);
        return string.Join('|', pieces);
    }
}
