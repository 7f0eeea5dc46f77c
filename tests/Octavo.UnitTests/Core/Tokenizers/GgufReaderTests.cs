using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers;

public class GgufReaderTests
{
    private static readonly Dictionary<string, (string Key, object? Value, string Names)> _broken = new()
    {
        ["no tokens"] = ("tokens", null, "'tokenizer.ggml.tokens'"),
        ["tokens are numbers"] = ("tokens", new[] { 1, 2 }, "'tokenizer.ggml.tokens' is Int32[]"),
        ["no token at all"] = ("tokens", Array.Empty<string>(), "'tokenizer.ggml.tokens' has 0 entries"),
        ["a piece twice"] = ("tokens", new[] { "<s>", "</s>", "<|im_end|>", "a", "b", "a" }, "entries 3 and 5 are both 'a'"),
        ["types one short"] = ("token_type", new[] { 3, 3, 3, 1, 1 }, "'tokenizer.ggml.token_type' has 5 entries and tokenizer.model"),
        ["types one long"] = ("token_type", new[] { 3, 3, 3, 1, 1, 1, 1 }, "'tokenizer.ggml.token_type' has 7 entries"),
        ["type 0"] = ("token_type", new[] { 3, 3, 3, 1, 0, 1 }, "entry 4 is 0; types run from 1 to 6"),
        ["type 7"] = ("token_type", new[] { 3, 3, 3, 1, 7, 1 }, "entry 4 is 7; types run from 1 to 6"),
        ["no merges"] = ("merges", null, "'tokenizer.ggml.merges'"),
        ["merge of one piece"] = ("merges", new[] { "ab" }, "'tokenizer.ggml.merges': merge 0 is 'ab'"),
        ["merge of an unknown piece"] = ("merges", new[] { "a b", "a c" }, "merge 1 needs the piece 'c'"),
        ["merge into an unknown piece"] = ("merges", new[] { "b a" }, "merge 0 needs the piece 'ba'"),
        ["no pre-tokenizer"] = ("pre", null, "'tokenizer.ggml.pre'"),
        ["beginning beyond"] = ("bos_token_id", 6u, "'tokenizer.ggml.bos_token_id' is 6, but token ids run from 0 to 5"),
        ["end negative"] = ("eos_token_id", -1, "'tokenizer.ggml.eos_token_id' is -1"),
        ["end of turn beyond"] = ("eot_token_id", uint.MaxValue, "'tokenizer.ggml.eot_token_id' is 4294967295"),
        ["end of message is a text"] = ("eom_token_id", "1", "'tokenizer.ggml.eom_token_id' is String"),
        ["wants an end that is none"] = ("eos_token_id", null, "'tokenizer.ggml.eos_token_id' does not name"),
        ["flag is a number"] = ("add_bos_token", 1, "'tokenizer.ggml.add_bos_token' is Int32"),
    };

    public static TheoryData<string> Broken => [.. _broken.Keys];

    [Theory, MemberData(nameof(Broken))]
    public void FromGguf_BrokenVocabulary_IsRefusedByKey(string rule)
    {
        var (key, value, names) = _broken[rule];
        var message = Should.Throw<InputFileException>(() => TokenizerReader.FromGguf(Metadata((key, value), ("add_eos_token", true)))).Message;
        message.ShouldContain(names, Case.Sensitive);
        message.ShouldStartWith("tokenizer.model");
    }

    [Theory]
    [InlineData("rwkv")]
    [InlineData("plamo2")]
    public void FromGguf_OtherKind_IsRefusedByName(string kind) =>
        Should.Throw<UnsupportedException>(() => TokenizerReader.FromGguf(Metadata(("model", kind)))).Message
            .ShouldBe($"tokenizer.model: 'tokenizer.ggml.model' is '{kind}', a kind of tokenizer that is not supported. Supported are: bert, gpt2, llama, t5.");

    [Fact]
    public void FromGguf_UnknownPreTokenizer_IsRefusedByName() =>
        Should.Throw<UnsupportedException>(() => TokenizerReader.FromGguf(Metadata(("pre", "default")))).Message
            .ShouldStartWith("tokenizer.model: 'tokenizer.ggml.pre': the pre-tokenizer 'default' is not supported. Supported are: ");

    [Fact]
    public void FromGguf_SoundVocabulary_AddsWhatTheFlagsSay()
    {
        var tokenizer = TokenizerReader.FromGguf(Metadata(("add_bos_token", true), ("add_eos_token", true)));
        tokenizer.Encode("ab", addSpecial: true).Select(t => t.Id).ShouldBe([0, 5, 1]);
        tokenizer.Encode("ab").Select(t => t.Id).ShouldBe([5]);
        tokenizer.Encode("zab").ShouldBe([new Token(5, 1, 3)], "z has no piece");
        tokenizer.StopIds.ShouldBe([1, 2]);
    }

    [Fact]
    public void FromGguf_EndsOfTurn_StopToo() =>
        TokenizerReader.FromGguf(Metadata(("eot_token_id", 4), ("eom_token_id", 3u))).StopIds.ShouldBe([1, 4, 3, 2]);

    [Fact]
    public void FromGguf_NormalTokenSpeltLikeAnEnd_DoesNotStop() =>
        TokenizerReader.FromGguf(Metadata(("token_type", new[] { 3, 3, 1, 1, 1, 1 }))).StopIds.ShouldBe([1]);

    [Fact]
    public void FromGguf_UserDefinedToken_IsTakenWhole()
    {
        var tokenizer = TokenizerReader.FromGguf(Metadata(("token_type", new[] { 3, 3, 4, 1, 1, 1 })));
        tokenizer.Encode("a<|im_end|>", parseSpecial: false).Select(t => t.Id).ShouldBe([3, 2]);
        tokenizer.Decode([3, 2]).ShouldBe("a<|im_end|>");
        tokenizer.IsSpecial(2).ShouldBeFalse();
    }

    [Fact]
    public void FromGguf_UnusedToken_HasNoTextAndComesFromNone()
    {
        var tokenizer = TokenizerReader.FromGguf(Metadata(("token_type", new[] { 3, 3, 3, 1, 1, 5 }), ("pre", "llama-bpe"), ("merges", Array.Empty<string>())));
        tokenizer.Encode("ab").Select(t => t.Id).ShouldBe([3, 4]);
        tokenizer.Decode([3, 5, 4], skipSpecial: false).ShouldBe("ab");
    }

    [Theory]
    [InlineData("llama-bpe", 1)]
    [InlineData("glm4", 2)]
    public void FromGguf_WordThatNoMergeMakes_IsTakenWholeUnderLlama3(string pre, int count) =>
        TokenizerReader.FromGguf(Metadata(("pre", pre), ("merges", Array.Empty<string>()))).Encode("ab").Count.ShouldBe(count);

    [Theory]
    [InlineData("llama-bpe", 2)]
    [InlineData("gpt-2", 1)]
    public void FromGguf_BeginningNotSaid_IsAddedUnderLlama3(string pre, int count) =>
        TokenizerReader.FromGguf(Metadata(("pre", pre), ("add_bos_token", null))).Encode("ab", addSpecial: true).Count.ShouldBe(count);

    private static GgufMetadata Metadata(params (string Key, object? Value)[] changes)
    {
        Dictionary<string, object> values = new()
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = "gpt-2",
            ["tokenizer.ggml.tokens"] = new[] { "<s>", "</s>", "<|im_end|>", "a", "b", "ab" },
            ["tokenizer.ggml.token_type"] = new[] { 3, 3, 3, 1, 1, 1 },
            ["tokenizer.ggml.merges"] = new[] { "a b" },
            ["tokenizer.ggml.bos_token_id"] = 0u,
            ["tokenizer.ggml.eos_token_id"] = 1u,
        };
        foreach (var (key, value) in changes)
        {
            if (value is null)
                values.Remove("tokenizer.ggml." + key);
            else
                values["tokenizer.ggml." + key] = value;
        }
        return new GgufMetadata("tokenizer.model", values);
    }
}
