using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

public class JsonReaderTests
{
    private static int Size => TinyTokenizer.Json()["model"]!["vocab"]!.AsObject().Count;

    [Fact]
    public void FromJson_SoundFile_KnowsItsTokens()
    {
        var tokenizer = TokenizerFolder.Open(TinyTokenizer.Json(), """{"bos_token":"<|start|>","eos_token":{"content":"<tool>","lstrip":false}}""");
        tokenizer.Kind.ShouldBe("BPE (tokenizer.json)");
        tokenizer.VocabularySize.ShouldBe(Size + 4);
        tokenizer.BosId.ShouldBe(Size);
        tokenizer.EosId.ShouldBe(Size + 2);
        tokenizer.StopIds.ShouldBe([Size + 2, Size + 1]);
        tokenizer.IdOf("<tool>s").ShouldBe(Size + 3);
        tokenizer.Piece(Size + 3).ShouldBe("<tool>s");
        tokenizer.IsSpecial(Size).ShouldBeTrue();
        tokenizer.IsSpecial(Size + 2).ShouldBeFalse();
        tokenizer.IsSpecial(Size + 99).ShouldBeFalse();
    }

    [Fact]
    public void FromJson_WithoutConfig_TakesTheBeginningFromTheTemplate()
    {
        var tokenizer = TokenizerFolder.Open(TinyTokenizer.Json(null, r => r["post_processor"] = TinyTokenizer.StartTemplate(Size)));
        tokenizer.BosId.ShouldBe(Size);
        tokenizer.EosId.ShouldBeNull();
        tokenizer.Encode("a", addSpecial: true).ShouldBe([new Token(Size, 0, 0), new Token('a', 0, 1)]);
        tokenizer.Encode("a").ShouldBe([new Token('a', 0, 1)]);
    }

    [Fact]
    public void FromJson_TemplateAfterBytes_IsUsed()
    {
        var template = TinyTokenizer.StartTemplate(Size + 1);
        template["single"]!.AsArray().Add(template["single"]![0]!.DeepClone());
        var tokenizer = TokenizerFolder.Open(TinyTokenizer.Json(null, r => r["post_processor"] =
            TinyTokenizer.Sequence("processors", TinyTokenizer.ByteLevel(), template)));
        tokenizer.Encode("a", addSpecial: true).Select(t => t.Id).ShouldBe([Size + 1, 'a', Size + 1]);
    }

    [Fact]
    public void FromJson_ModelWithoutType_IsKnownByWhatItHas()
    {
        var tokenizer = TokenizerFolder.Open(TinyTokenizer.Json(null, r =>
        {
            r["model"]!.AsObject().Remove("type");
            r["model"]!["unk_token"] = "";
            r["model"]!["continuing_subword_prefix"] = "";
        }));
        tokenizer.Kind.ShouldBe("BPE (tokenizer.json)");
        tokenizer.Encode("hello").ShouldBe(TokenizerFolder.Open(TinyTokenizer.Json()).Encode("hello"));
    }

    [Fact]
    public void FromJson_HolesAmongIds_HaveNoText()
    {
        var tokenizer = TokenizerFolder.Open(TinyTokenizer.Json(null, r => r["added_tokens"]![3]!["id"] = 2000));
        tokenizer.VocabularySize.ShouldBe(2001);
        tokenizer.Piece(1999).ShouldBe("");
        tokenizer.Decode([1999, 2000]).ShouldBe("<tool>s");
        tokenizer.IdOf("").ShouldBeNull();
    }

    [Fact]
    public void FromJson_ByteOrderMark_IsRead()
    {
        using var folder = new TokenizerFolder();
        folder.Write("\uFEFF" + TinyTokenizer.Json().ToJsonString());
        TokenizerReader.FromJson(folder.Folder).Encode("a").Count.ShouldBe(1);
    }

    [Fact]
    public void FromJson_SplitsTakenOut_AreSplitsKept()
    {
        var content = TinyTokenizer.Json(TinyTokenizer.SplitThenBytes(TinyTokenizer.Llama3Pattern));
        var expected = TokenizerFolder.Open(content).Encode("hello world 1234!");
        content["pre_tokenizer"]!["pretokenizers"]![0]!["behavior"] = "Removed";
        content["pre_tokenizer"]!["pretokenizers"]![0]!["invert"] = true;
        TokenizerFolder.Open(content).Encode("hello world 1234!").ShouldBe(expected);
    }

    [Theory]
    [InlineData("hello world", "0-5 5-11")]
    [InlineData(" é!", "0-2 1-2 2-3")]
    [InlineData("日x", "0-1 0-1 0-2")]
    [InlineData("a<|end|>😀", "0-1 1-8 8-9")]
    [InlineData("x\uD83D\uDE01", "0-1 1-2 1-2")]
    public void Encode_Text_GivesPlacesInCodePoints(string text, string places) => Places(TokenizerFolder.Open(TinyTokenizer.Json()), text).ShouldBe(places);

    [Theory]
    [InlineData("e\u0301 a\u0323\u0302x", "0-1 2-4 3-4 3-7")]
    [InlineData("n\u0303", "0-1")]
    public void Encode_NormalizedText_GivesPlacesInTheTextAsItCame(string text, string places) =>
        Places(TokenizerFolder.Open(TinyTokenizer.Json(null, r => r["normalizer"] = new JsonObject { ["type"] = "NFC" })), text).ShouldBe(places);

    [Theory]
    [InlineData("world <tool>world", "0-5 5-6 6-12 12-17")]
    [InlineData("日", "0-1 0-1 0-1")]
    public void Encode_PrefixSpace_HasThePlaceOfTheFirstCharacter(string text, string places) =>
        Places(TokenizerFolder.Open(TinyTokenizer.Json(TinyTokenizer.ByteLevel(prefix: true))), text).ShouldBe(places);

    [Fact]
    public void Encode_PrefixSpaceWithinASegment_HasThePlaceOfItsPiece() =>
        Places(TokenizerFolder.Open(TinyTokenizer.Json(
            TinyTokenizer.Sequence("pretokenizers", TinyTokenizer.Digits(true), TinyTokenizer.ByteLevel(prefix: true)))), "<tool>q1q")
            .ShouldBe("0-6 6-7 6-7 7-8 7-8 8-9 8-9");

    [Theory]
    [InlineData(true, "hello world  <tool>", "0-5 6-11 13-13 13-19")]
    [InlineData(true, " hello world", "0-6 7-12")]
    [InlineData(false, " hello world", "1-6 7-12")]
    public void Encode_TrimmedPlaces_LeaveSpacesOut(bool prefix, string text, string places) =>
        Places(TokenizerFolder.Open(TinyTokenizer.Json(null, r => r["post_processor"] = TinyTokenizer.ByteLevel(prefix, trim: true))), text).ShouldBe(places);

    [Fact]
    public void Encode_StrippedToken_TakesTheSpacesAlong()
    {
        var tokenizer = TokenizerFolder.Open(TinyTokenizer.Json(null, r =>
        {
            r["added_tokens"]![2]!["lstrip"] = true;
            r["added_tokens"]![2]!["rstrip"] = true;
        }));
        tokenizer.Encode("a \n<tool>  b").ShouldBe([new Token('a', 0, 1), new Token(Size + 2, 1, 11), new Token('b', 11, 12)]);
    }

    private static string Places(Tokenizer tokenizer, string text) => string.Join(' ', tokenizer.Encode(text).Select(t => $"{t.Start}-{t.End}"));
}
