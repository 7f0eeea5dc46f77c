using System.Diagnostics;
using System.Text;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

public class EncodePropertyTests
{
    private static readonly Tokenizer _gpt2 = TokenizerFolder.Open(TinyTokenizer.Json());

    private static readonly Tokenizer _llama3 = TokenizerFolder.Open(TinyTokenizer.Json(TinyTokenizer.SplitThenBytes(TinyTokenizer.Llama3Pattern)));

    [Fact]
    public void Decode_OfEncoded_IsTheText() => RandomText.Texts.Sample(
        text =>
        {
            foreach (var tokenizer in new[] { _gpt2, _llama3 })
            {
                tokenizer.Decode(Ids(tokenizer.Encode(text)), skipSpecial: false).ShouldBe(text);
                tokenizer.Decode(Ids(tokenizer.Encode(text, parseSpecial: false))).ShouldBe(text);
            }
        },
        iter: 1500);

    [Fact]
    public void Encode_AnyText_CoversItInOrder() => RandomText.Texts.Sample(
        text =>
        {
            foreach (var tokenizer in new[] { _gpt2, _llama3 })
            {
                var covered = 0;
                foreach (var token in tokenizer.Encode(text))
                {
                    // A token begins where the one before ended, or inside the character that both share.
                    token.Start.ShouldBeInRange(Math.Max(covered - 1, 0), covered);
                    token.End.ShouldBeGreaterThan(token.Start);
                    token.End.ShouldBeGreaterThanOrEqualTo(covered);
                    covered = token.End;
                }
                covered.ShouldBe(text.EnumerateRunes().Count());
            }
        },
        iter: 1500);

    [Fact]
    public void Encode_WholeCharacters_AreThePlacesText() => RandomText.PlainTexts.Sample(
        text =>
        {
            var runes = text.EnumerateRunes().ToArray();
            foreach (var token in _gpt2.Encode(text))
            {
                var place = string.Concat(runes[token.Start..token.End].Select(r => r.ToString()));
                TinyTokenizer.Letters(place).ShouldContain(_gpt2.Piece(token.Id), Case.Sensitive);
            }
        },
        iter: 500);

    [Fact]
    public void Encode_WithoutParsingSpecial_TakesThemForText()
    {
        var start = _gpt2.IdOf("<|start|>")!.Value;
        var tool = _gpt2.IdOf("<tool>")!.Value;
        Ids(_gpt2.Encode("<|start|><tool>")).ShouldBe([start, tool]);
        var plain = Ids(_gpt2.Encode("<|start|><tool>", parseSpecial: false));
        plain.ShouldNotContain(start);
        plain.ShouldContain(tool);
    }

    [Fact]
    public void Encode_LoneSurrogate_IsRefusedByItsIndex()
    {
        // Not as rows of data: attributes cannot hold them.
        (string Text, int Index, string Unit)[] rows =
        [
            ("a\uD83D", 1, "D83D"), ("\uDE00a", 0, "DE00"), ("😀\uD83D\uD83D\uDE00", 2, "D83D"), ("😀é\uDE00", 3, "DE00"), ("\uD83Dx", 0, "D83D"),
        ];
        foreach (var (text, index, unit) in rows)
        {
            Should.Throw<InputFileException>(() => _gpt2.Encode(text)).Message
                .ShouldStartWith($"The text has a lone surrogate, U+{unit}, at index {index} ");
        }
    }

    [Fact]
    public void Encode_LongWord_DoesNotGrowWithTheSquare()
    {
        var word = new StringBuilder();
        var random = new SeededRandom(7);
        while (word.Length < 300_000)
            word.Append((char)('a' + random.Next(26)));
        var watch = Stopwatch.StartNew();
        var tokens = _gpt2.Encode(word.ToString());
        // With the square it takes minutes.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        _gpt2.Decode(Ids(tokens)).ShouldBe(word.ToString());
    }

    [Fact]
    public void Encode_LongWord_MergesAsShortWordsDo()
    {
        // Both ways of merging must give the same: below the border by scanning, above it by the queue.
        for (var count = 1; count < 40; count++)
        {
            var text = string.Concat(Enumerable.Repeat("thello", count));
            var pieces = Ids(_gpt2.Encode(text)).Select(_gpt2.Piece);
            pieces.ShouldBe(Enumerable.Repeat<string[]>(["the", "l", "l", "o"], count).SelectMany(p => p));
        }
    }

    [Fact]
    public async Task Encode_FromManyThreads_GivesTheSame()
    {
        const string text = "hello the world, it's 123 😀 \n\n x";
        var expected = _llama3.Encode(text);
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 200).Select(_ => _llama3.Encode(text)).Last())));
        foreach (var tokens in found)
            tokens.ShouldBe(expected);
    }

    private static int[] Ids(IReadOnlyList<Token> tokens) => [.. tokens.Select(t => t.Id)];
}
