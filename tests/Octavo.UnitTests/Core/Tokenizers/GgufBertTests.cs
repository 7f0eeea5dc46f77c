using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

public class GgufBertTests
{
    [Fact]
    public void FromGguf_Bert_SpellsPiecesAsWordPieceDoes()
    {
        var tokenizer = Open();
        tokenizer.Kind.ShouldBe("bert");
        tokenizer.Piece(4).ShouldBe("hello");
        tokenizer.Piece(5).ShouldBe("##s");
        tokenizer.Encode("Héllos x!").Select(t => t.Id).ShouldBe([4, 5, 1, 6]);
        tokenizer.Decode([2, 4, 5, 6, 3]).ShouldBe("hellos!");
        var input = tokenizer.EncodeInput("hello", "!");
        input.Ids.ToArray().ShouldBe([2, 4, 3, 6, 3]);
        input.TypeIds.ToArray().ShouldBe([0, 0, 0, 1, 1]);
    }

    [Fact]
    public void FromGguf_BertWithCapitals_IsRefused() => Should.Throw<UnsupportedException>(() => Open(("tokens", Tokens("▁Hello")))).Message
        .ShouldContain("entry 4 is '▁Hello', with a capital");

    [Theory]
    [InlineData("unknown_token_id")]
    [InlineData("cls_token_id")]
    [InlineData("seperator_token_id")]
    public void FromGguf_BertWithoutAToken_IsRefused(string key) =>
        Should.Throw<InputFileException>(() => Open((key, null))).Message.ShouldContain("absent");

    private static string[] Tokens(string word) => ["[PAD]", "[UNK]", "[CLS]", "[SEP]", word, "s", "▁!"];

    private static Tokenizer Open(params (string Key, object? Value)[] changes)
    {
        Dictionary<string, object> values = new()
        {
            ["tokenizer.ggml.model"] = "bert",
            ["tokenizer.ggml.tokens"] = Tokens("▁hello"),
            ["tokenizer.ggml.token_type"] = new[] { 3, 3, 3, 3, 1, 1, 1 },
            ["tokenizer.ggml.unknown_token_id"] = 1u,
            ["tokenizer.ggml.cls_token_id"] = 2u,
            ["tokenizer.ggml.seperator_token_id"] = 3u,
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
}
