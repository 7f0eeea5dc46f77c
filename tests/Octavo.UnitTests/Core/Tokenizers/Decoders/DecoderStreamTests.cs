using System.Text.Json.Nodes;
using CsCheck;
using Octavo.Core.Tokenizers;
using Shouldly;
using static Octavo.UnitTests.Core.Tokenizers.StageFile;

namespace Octavo.UnitTests.Core.Tokenizers.Decoders;

public class DecoderStreamTests
{
    private static readonly string[] _pieces =
        ["▁", "▁a", "b", "▁▁", "##c", "c", "c</w>", "<0xC3>", "<0xA9>", "<0xE4>", "|", "<pad>", ".", "'s", "n't", " ", "  x ", "Ġd", "Ã©", "é", "ab"];

    private static readonly Dictionary<string, Func<JsonNode?>> _decoders = new()
    {
        ["none"] = () => null,
        ["Llama"] = () => Sequence("decoders", Replace(Text("▁"), " "), Stage("ByteFallback"), Stage("Fuse"),
            Stage("Strip", ("content", " "), ("start", 1), ("stop", 0))),
        ["Strip both"] = () => Sequence("decoders", Stage("Strip", ("content", " "), ("start", 1), ("stop", 2))),
        ["Strip both, fused"] = () => Sequence("decoders", Stage("Fuse"), Stage("Strip", ("content", "c"), ("start", 2), ("stop", 2))),
        ["Metaspace"] = () => Metaspace(),
        ["Metaspace never"] = () => Metaspace("never"),
        ["WordPiece"] = () => Stage("WordPiece", ("prefix", "##"), ("cleanup", true)),
        ["BPEDecoder"] = () => Stage("BPEDecoder", ("suffix", "</w>")),
        ["CTC"] = () => Stage("CTC", ("pad_token", "<pad>"), ("word_delimiter_token", "|"), ("cleanup", true)),
        ["ByteLevel"] = () => ByteLevel(prefix: false, regex: false),
        ["Replace over all"] = () => Sequence("decoders", Stage("Fuse"), Replace(Regex("a.|b+"), "<>")),
        ["ByteFallback"] = () => Stage("ByteFallback"),
    };

    public static TheoryData<string> Names => [.. _decoders.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Append_AnyStream_JoinsToTheWholesText(string name)
    {
        var tokenizer = Open(_decoders[name]());
        Gen.Int[0, _pieces.Length + 2].Array[0, 20].Sample(
            ids =>
            {
                var decoder = tokenizer.CreateDecoder();
                var text = string.Concat(ids.Select(decoder.Append)) + decoder.Flush();
                text.ShouldBe(tokenizer.Decode(ids));
            },
            iter: 3000);
    }

    [Theory]
    [InlineData("none", "b c", 2, 5)]
    [InlineData("Llama", "ab", 1, 2)]
    [InlineData("Llama", " é", 3, 7, 8)]
    [InlineData("Llama", "\uFFFD\uFFFDc", 7, 9, 5)]
    [InlineData("Metaspace", "a  a", 1, 0, 1)]
    [InlineData("Metaspace never", " a", 1)]
    [InlineData("WordPiece", "bc. c", 2, 4, 12, 5)]
    [InlineData("BPEDecoder", "c c", 6, 6)]
    [InlineData("CTC", "b b", 2, 2, 11, 10, 2)]
    [InlineData("ByteLevel", "é d", 18, 17)]
    [InlineData("Strip both", " xé", 16, 19)]
    public void Decode_Tokens_GivesText(string name, string text, params int[] ids) => Open(_decoders[name]()).Decode(ids).ShouldBe(text);

    [Theory]
    [InlineData("Llama", " ab", 1, 2)]
    [InlineData("Metaspace", " a", 1)]
    [InlineData("WordPiece", " b", 2)]
    public void CreateDecoder_StreamThatContinues_KeepsTheSpace(string name, string text, params int[] ids)
    {
        var decoder = Open(_decoders[name]()).CreateDecoder(skipSpecial: true, continues: true);
        (string.Concat(ids.Select(decoder.Append)) + decoder.Flush()).ShouldBe(text);
    }

    [Fact]
    public void Append_Llama_GivesTextAsSoonAsItIsCertain()
    {
        var decoder = Open(_decoders["Llama"]()).CreateDecoder();
        decoder.Append(1).ShouldBe("a");
        decoder.Append(0).ShouldBe(" ");
        decoder.Append(7).ShouldBe("");
        decoder.Append(8).ShouldBe("");
        decoder.Append(2).ShouldBe("éb");
        decoder.Flush().ShouldBe("");
    }

    private static Tokenizer Open(JsonNode? decoder)
    {
        var vocabulary = new JsonObject(_pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)));
        return TokenizerFolder.Open(Root(Stage("WordLevel", ("vocab", vocabulary), ("unk_token", "c")), null, null, decoder));
    }
}
