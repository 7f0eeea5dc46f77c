using System.Diagnostics;
using System.Text;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.SentencePiece;

public class SentencePieceTokenizerTests
{
    // Ids: 0 <unk>, 1 <s>, 2 </s>, 3 <tool>, 4 [PAD], then pieces, then the bytes.
    private static readonly string[] _pieces =
        ["▁", "a", "b", "c", "ab", "bc", "▁a", "abc", "é", "▁▁", "日", "aa", "aaa", "aaaa", "▁ab", "bb", "d", "e", "f", "de", "ef"];

    private static readonly float[] _scores = [-9, -9, -9, -9, -2, -1, -3, -4, -9, -5, -9, -6, -8, -7, -0.0f, 0.0f, -9, -9, -9, -0.0f, 0.0f];

    private static int Bytes => 5 + _pieces.Length;

    [Theory]
    [InlineData("abc", "▁a bc")]
    [InlineData("ab", "▁ab")]
    [InlineData("b", "▁ b")]
    [InlineData(" a", "▁ ▁a")]
    [InlineData("  b", "▁▁ ▁ b")]
    [InlineData("aaaaa", "▁a aaaa")]
    [InlineData("baaaa", "▁ b aaaa")]
    [InlineData("bbb", "▁ bb b")]
    [InlineData("▁b", "▁▁ b")]
    [InlineData("def", "▁ de f")]
    [InlineData("日é", "▁ 日 é")]
    [InlineData("", "")]
    public void Encode_Text_JoinsByScoreLeftmostFirst(string text, string pieces) => Pieces(Open(), text).ShouldBe(pieces);

    [Theory]
    [InlineData("ab", "ab")]
    [InlineData(" ab", "▁ab")]
    public void Encode_WithoutPrefix_AddsNoSpace(string text, string pieces) => Pieces(Open(("add_space_prefix", false)), text).ShouldBe(pieces);

    [Fact]
    public void Encode_CharacterWithoutPiece_BecomesItsBytes()
    {
        var tokens = Open().Encode("bñ\n");
        tokens.ShouldBe(
        [
            new Token(5, 0, 1), new Token(7, 0, 1), new Token(Bytes + 0xC3, 1, 2), new Token(Bytes + 0xB1, 1, 2), new Token(Bytes + 10, 2, 3),
        ]);
        Open().Decode([.. tokens.Select(t => t.Id)]).ShouldBe("bñ\n");
    }

    [Fact]
    public void Encode_CharacterWithoutBytes_BecomesUnknown()
    {
        var tokenizer = Open(bytes: false);
        tokenizer.Encode("bñ\nb😀").ShouldBe([new Token(5, 0, 1), new Token(7, 0, 1), new Token(0, 1, 3), new Token(7, 3, 4), new Token(0, 4, 5)]);
        tokenizer.Decode([7, 0, 7]).ShouldBe("bb");
        tokenizer.Decode([7, 0], skipSpecial: false).ShouldBe("b<unk>");
    }

    [Fact]
    public void Encode_CharacterThatNothingStandsFor_IsRefused()
    {
        var types = Types(false);
        types[0] = 3;
        Should.Throw<InputFileException>(() => Open(bytes: false, changes: [("token_type", types)]).Encode("a\U0001F600")).Message
            .ShouldStartWith("The text has U+1F600 at code point 1; the vocabulary has no piece");
    }

    [Fact]
    public void Encode_TokensInTheText_AreFoundAndPrefixedAfter()
    {
        var tokenizer = Open();
        tokenizer.Encode("<s>ab<tool>b", addSpecial: true).ShouldBe(
        [
            new Token(1, 0, 0), new Token(1, 0, 3), new Token(19, 3, 5), new Token(3, 5, 11), new Token(5, 11, 12), new Token(7, 11, 12),
        ]);
        tokenizer.Encode("<s>", parseSpecial: false).Select(t => t.Id).ShouldNotContain(1);
        tokenizer.Encode("<0x0A>[PAD]").Select(t => t.Id).ShouldNotContain(id => id == 4 || id == Bytes + 10);
    }

    [Fact]
    public void Decode_FirstSpace_IsTakenOff()
    {
        var tokenizer = Open();
        tokenizer.Decode([19, 11]).ShouldBe("ab a");
        tokenizer.Decode([1, 19]).ShouldBe("ab");
        tokenizer.Decode([1, 19], skipSpecial: false).ShouldBe("<s> ab");
        tokenizer.Decode([14]).ShouldBe(" ");
        tokenizer.Decode([4]).ShouldBe("");
        tokenizer.Decode([Bytes + 0xE6, Bytes + 0x97, 7]).ShouldBe("\uFFFDb");
        Open(("add_space_prefix", false)).Decode([19]).ShouldBe(" ab");
    }

    [Fact]
    public void CreateDecoder_StreamThatContinues_KeepsTheSpace()
    {
        var tokenizer = Open();
        tokenizer.CreateDecoder().Append(19).ShouldBe("ab");
        tokenizer.CreateDecoder(skipSpecial: true, continues: false).Append(19).ShouldBe("ab");
        tokenizer.CreateDecoder(skipSpecial: true, continues: true).Append(19).ShouldBe(" ab");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Append_AnyStream_JoinsToTheWholesText(bool prefix)
    {
        var tokenizer = Open(("add_space_prefix", prefix));
        Gen.OneOf(Gen.Int[0, Bytes - 1], Gen.Int[0, tokenizer.VocabularySize]).Array[0, 20].Sample(
            ids =>
            {
                var decoder = tokenizer.CreateDecoder();
                var text = string.Concat(ids.Select(decoder.Append)) + decoder.Flush();
                text.ShouldBe(tokenizer.Decode(ids));
            },
            iter: 10000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Decode_OfEncoded_IsTheText(bool prefix)
    {
        var tokenizer = Open(("add_space_prefix", prefix));
        // The sign that stands for the space is one afterwards.
        RandomText.PlainTexts.Sample(
            text => tokenizer.Decode([.. tokenizer.Encode(text).Select(t => t.Id)]).ShouldBe(text.Replace('▁', ' ')),
            iter: 1000);
    }

    [Fact]
    public void Encode_LongText_DoesNotGrowWithTheSquare()
    {
        var text = new StringBuilder();
        var random = new SeededRandom(5);
        while (text.Length < 300_000)
            text.Append("abc é"[random.Next(5)]);
        var watch = Stopwatch.StartNew();
        Open().Encode(text.ToString()).Count.ShouldBeGreaterThan(100_000);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void FromGguf_BrokenVocabulary_IsRefusedByKey()
    {
        Refused(("scores", null)).ShouldContain("'tokenizer.ggml.scores'");
        Refused(("scores", new float[Bytes + 255])).ShouldContain($"has {Bytes + 255} entries");
        Refused(("scores", Scores(s => s[7] = float.NaN))).ShouldContain("'tokenizer.ggml.scores': entry 7 is not a number");
        Refused(("unknown_token_id", Bytes + 256)).ShouldContain($"is {Bytes + 256}, but");
        var types = Types(true);
        types[6] = 6;
        Refused(("token_type", types)).ShouldContain("entry 6 is 'a'");
    }

    [Fact]
    public void FromGguf_UnsupportedOption_IsRefusedByName()
    {
        Should.Throw<UnsupportedException>(() => Open(("remove_extra_whitespaces", true))).Message.ShouldContain("'tokenizer.ggml.remove_extra_whitespaces'");
        Should.Throw<UnsupportedException>(() => Open(("pre", "qwen2"))).Message.ShouldContain("'tokenizer.ggml.pre' is 'qwen2'");
    }

    private static string Refused((string, object?) change) => Should.Throw<InputFileException>(() => Open(change)).Message;

    private static string Pieces(Tokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text).Select(t => tokenizer.Piece(t.Id)));

    private static Tokenizer Open(params (string Key, object? Value)[] changes) => Open(true, changes);

    private static Tokenizer Open(bool bytes, params (string Key, object? Value)[] changes)
    {
        var spelt = bytes ? Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>") : [];
        Dictionary<string, object> values = new()
        {
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.tokens"] = (string[])["<unk>", "<s>", "</s>", "<tool>", "[PAD]", .. _pieces, .. spelt],
            ["tokenizer.ggml.token_type"] = Types(bytes),
            ["tokenizer.ggml.scores"] = Scores(_ => { })[..(Bytes + (bytes ? 256 : 0))],
            ["tokenizer.ggml.bos_token_id"] = 1u,
            ["tokenizer.ggml.eos_token_id"] = 2u,
        };
        foreach (var (key, value) in changes)
        {
            if (value is null)
                values.Remove("tokenizer.ggml." + key);
            else
                values["tokenizer.ggml." + key] = value;
        }
        return TokenizerReader.FromGguf(new GgufMetadata("file", values));
    }

    private static int[] Types(bool bytes) =>
        [2, 3, 3, 4, 5, .. Enumerable.Repeat(1, _pieces.Length), .. Enumerable.Repeat(6, bytes ? 256 : 0)];

    private static float[] Scores(Action<float[]> change)
    {
        float[] scores = [0, 0, 0, 0, 0, .. _scores, .. new float[256]];
        change(scores);
        return scores;
    }
}
