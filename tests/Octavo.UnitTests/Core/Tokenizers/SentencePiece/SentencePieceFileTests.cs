using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.SentencePiece;

public class SentencePieceFileTests
{
    // Ids: 0 <unk>, 1 <s>, 2 </s>, then these.
    private static readonly (string, float, int)[] _pieces =
    [
        ("▁", -5, 1), ("a", -5, 1), ("b", -5, 1), ("▁a", -2, 1), ("ab", -1, 1), ("▁ab", -0.5f, 1), ("<tool>", 0, 4), ("é", -5, 1), ("▁▁", -4, 1),
        ("x▁", -3, 4),
    ];

    private static readonly Dictionary<string, (Func<ModelFile> Content, string Names)> _broken = new()
    {
        ["nothing"] = (() => new ModelFile(), "has 0 pieces"),
        ["cut varint"] = (() => new ModelFile().Raw(0x80), "1 bytes are wanted, and 0 are left"),
        ["endless varint"] = (() => new ModelFile().Raw([.. Enumerable.Repeat((byte)0xFF, 11)]), "longer than 64 bits"),
        ["length beyond the end"] = (() => new ModelFile().Raw(0x0A, 0x7F), "127 bytes are wanted"),
        ["length beyond 31 bits"] = (() => new ModelFile().Raw(0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F), "bytes"),
        ["field 0"] = (() => new ModelFile().Raw(0x02, 0x00), "a field has the number 0"),
        ["group"] = (() => Sound().Raw(0xA3, 0x06), "the wire type 3"),
        ["piece is a number"] = (() => new ModelFile().Number(1, 5), "the wire type 0, where 2 is expected"),
        ["piece is no text"] = (() => new ModelFile().Message(1, piece => piece.Bytes(1, [0xFF])), "a text is no UTF-8"),
        ["piece is empty"] = (() => Sound().Piece("", 0, 1), "piece 13 is empty"),
        ["score is no number"] = (() => Sound().Piece("q", float.NaN, 1), "piece 13 is empty, or has a score that is no number"),
        ["type 9"] = (() => Sound().Piece("q", 0, 9), "a type beyond 1 to 6"),
        ["piece twice"] = (() => Sound().Piece("ab", 0, 1), "pieces 7 and 13 are both 'ab'"),
        ["byte that is none"] = (() => Sound().Piece("<0xZZ>", 0, 6), "piece 13 is '<0xZZ>' and said to be a byte"),
        ["map that is none"] = (() => Sound().Normalizer(true, true, [1, 2, 3]), "the character map has 3 bytes"),
    };

    public static TheoryData<string> Broken => [.. _broken.Keys];

    [Theory, MemberData(nameof(Broken))]
    public void FromSentencePiece_BrokenFile_IsRefused(string rule)
    {
        using var folder = new TokenizerFolder();
        var path = _broken[rule].Content().WriteTo(folder);
        var message = Should.Throw<InputFileException>(() => TokenizerReader.FromSentencePiece(path)).Message;
        message.ShouldStartWith(path);
        message.ShouldContain(_broken[rule].Names, Case.Sensitive);
    }

    [Fact]
    public void FromSentencePiece_DamagedFile_IsRefusedOrReadWithinBounds()
    {
        using var folder = new TokenizerFolder();
        var sound = Sound().ToArray();
        Gen.Select(Gen.Int[0, sound.Length - 1].Array[1, 4], Gen.Byte.Array[4], Gen.Int[1, sound.Length]).Sample(
            (places, values, length) =>
            {
                var damaged = sound.ToArray();
                for (var i = 0; i < places.Length; i++)
                    damaged[places[i]] = values[i];
                var path = Path.Combine(folder.Folder, "damaged.model");
                File.WriteAllBytes(path, damaged[..length]);
                try
                {
                    TokenizerReader.FromSentencePiece(path).Encode("ab é x▁ <tool>");
                }
                catch (OctavoException)
                {
                    // Refused, by one of our own errors.
                }
            },
            iter: 2000, threads: 1);
    }

    [Theory]
    [InlineData(3, "model_type 3")]
    [InlineData(4, "model_type 4")]
    public void FromSentencePiece_OtherModel_IsRefusedByName(int type, string names) =>
        Refused(ModelFile.Small(type, false, _pieces)).ShouldContain(names);

    [Fact]
    public void FromSentencePiece_UnsupportedParts_AreRefusedByName()
    {
        Refused(ModelFile.Small(2, false, _pieces).Piece("q", 0, 5)).ShouldContain("piece 13 is unused (type 5)");
        Refused(Sound().Message(5, spec => spec.Bytes(2, [1]))).ShouldContain("denormalizer_spec");
    }

    [Theory]
    [InlineData(2, "ab  ab", "▁ab ▁ ▁ab")]
    [InlineData(1, "ab  ab", "▁ab ▁▁ ab")]
    [InlineData(2, "a<tool>b", "▁a <tool> b")]
    [InlineData(1, "a<tool>b", "▁a <tool> b")]
    [InlineData(1, "日日b", "▁ <unk> b")]
    [InlineData(2, "日日b", "▁ <unk> b")]
    [InlineData(2, "ax b", "▁a x▁ b")]
    [InlineData(2, "", "")]
    public void Encode_Text_GivesPieces(int type, string text, string pieces) =>
        Pieces(Open(ModelFile.Small(type, false, _pieces).Normalizer(prefix: true, remove: false)), text).ShouldBe(pieces);

    [Theory]
    [InlineData("  ab  ab ", "▁ab ▁ab")]
    [InlineData("   ", "")]
    [InlineData(" <tool> ", "▁ <tool>")]
    public void Encode_SpacesRemoved_GivesPieces(string text, string pieces) => Pieces(Open(Sound()), text).ShouldBe(pieces);

    [Fact]
    public void Encode_Bytes_StandForUnknownCharacters()
    {
        var tokenizer = Open(ModelFile.Small(1, true, _pieces).Normalizer(prefix: false, remove: false));
        Pieces(tokenizer, "日").ShouldBe("<0xE6> <0x97> <0xA5>");
        tokenizer.Decode([.. tokenizer.Encode("日b ab").Select(t => t.Id)]).ShouldBe("日b ab");
    }

    [Fact]
    public void Encode_Places_AreThoseOfTheTextAsItCame()
    {
        Open(Sound()).Encode("  ab  é日").ShouldBe([new Token(8, 2, 4), new Token(3, 4, 5), new Token(10, 6, 7), new Token(0, 7, 8)]);
        Open(Sound()).Encode("a</s>b", parseSpecial: true).ShouldBe(
            [new Token(6, 0, 1), new Token(2, 1, 5), new Token(3, 5, 6), new Token(5, 5, 6)]);
    }

    [Fact]
    public void Decode_FirstSpaces_AreTakenOffAsTheFileSays()
    {
        var removes = Open(Sound());
        removes.Decode([3, 3, 6, 6]).ShouldBe("a a");
        removes.Decode([0, 6], skipSpecial: false).ShouldBe(" \u2047  a");
        Open(Sound().Normalizer(prefix: true, remove: false)).Decode([3, 3, 6]).ShouldBe("  a");
        Open(Sound().Normalizer(prefix: false, remove: false)).Decode([6, 6]).ShouldBe(" a a");
        removes.Decode([12]).ShouldBe("x ");
    }

    [Fact]
    public void Encode_WhatStandsAround_ComesFromTheConfiguration()
    {
        Around(null).ShouldBe([8]);
        Around("""{"add_bos_token":true,"add_eos_token":true}""").ShouldBe([1, 8, 2]);
        Around("""{"tokenizer_class":"LlamaTokenizer"}""").ShouldBe([1, 8]);
        Around("""{"tokenizer_class":"LlamaTokenizerFast","add_bos_token":false}""").ShouldBe([8]);
        Around("""{"tokenizer_class":"T5Tokenizer"}""").ShouldBe([8, 2]);
        Should.Throw<UnsupportedException>(() => Around("""{"tokenizer_class":"XLMRobertaTokenizer"}""")).Message
            .ShouldContain("'XLMRobertaTokenizer' over a SentencePiece model");
    }

    [Fact]
    public void FromFolder_AddedTokens_TakeTheirPlaces()
    {
        using var folder = new TokenizerFolder();
        Sound().WriteTo(folder, "spiece.model");
        folder.Write("""{"added_tokens_decoder":{"12":{"content":"<|im_end|>","special":true},"14":{"content":"<b>"},"1":{"content":"<s>"}}}""",
            "tokenizer_config.json");
        var tokenizer = TokenizerReader.FromFolder(folder.Folder);
        tokenizer.VocabularySize.ShouldBe(15);
        tokenizer.Encode("<b>ab<|im_end|>").Select(t => t.Id).ShouldBe([14, 8, 12]);
        tokenizer.Decode([14, 8, 12, 13]).ShouldBe("<b> ab");
        tokenizer.StopIds.ShouldBe([2, 12]);
    }

    [Fact]
    public void FromFolder_NoTokenizer_IsRefused()
    {
        using var folder = new TokenizerFolder();
        Should.Throw<InputFileException>(() => TokenizerReader.FromFolder(folder.Folder)).Message.ShouldContain("tokenizer.json cannot be read");
    }

    private static IEnumerable<int> Around(string? config)
    {
        using var folder = new TokenizerFolder();
        if (config is not null)
            folder.Write(config, "tokenizer_config.json");
        return TokenizerReader.FromSentencePiece(Sound().WriteTo(folder)).Encode("ab", addSpecial: true).Select(t => t.Id);
    }

    private static ModelFile Sound() => ModelFile.Small(1, false, _pieces);

    private static string Pieces(Tokenizer tokenizer, string text) =>
        string.Join(' ', tokenizer.Encode(text, parseSpecial: false).Select(t => tokenizer.Piece(t.Id)));

    private static string Refused(ModelFile file)
    {
        using var folder = new TokenizerFolder();
        var path = file.WriteTo(folder);
        return Should.Throw<UnsupportedException>(() => TokenizerReader.FromSentencePiece(path)).Message;
    }

    private static Tokenizer Open(ModelFile file)
    {
        using var folder = new TokenizerFolder();
        return TokenizerReader.FromSentencePiece(file.WriteTo(folder));
    }
}
