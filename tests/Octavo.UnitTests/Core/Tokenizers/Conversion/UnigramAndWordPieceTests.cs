using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Conversion;
using Octavo.UnitTests.Core.Tokenizers.SentencePiece;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Conversion;

public class UnigramAndWordPieceTests
{
    [Fact]
    public void Metadata_MiniLm_ReadsTheSame()
    {
        var folder = TokenizerFiles.Published("minilm");
        var entries = GgufTokenizerWriter.Metadata(folder, 30528);
        entries["tokenizer.ggml.token_type_count"].ShouldBe(2u);
        entries["tokenizer.ggml.cls_token_id"].ShouldBe(101u);
        entries["tokenizer.ggml.seperator_token_id"].ShouldBe(102u);
        entries["tokenizer.ggml.mask_token_id"].ShouldBe(103u);
        entries["tokenizer.ggml.padding_token_id"].ShouldBe(0u);
        entries["tokenizer.ggml.normalizer.lowercase"].ShouldBe(true);
        var (source, written) = (TokenizerReader.FromFolder(folder), Converted.Read(entries));
        Converted.CompareOver(source, written, 300);
        var options = new InputOptions();
        written.EncodeInput("a b", "c", options).TypeIds.ToArray().ShouldBe(source.EncodeInput("a b", "c", options).TypeIds.ToArray());
        using var back = Converted.Write(new GgufMetadata("written", entries.ToDictionary()));
        JsonNode.DeepEquals(Vocabulary(back.File), Vocabulary(Path.Combine(folder, "tokenizer.json"))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("lowercase", "with a capital")]
    [InlineData("strip_accents", "here and")]
    [InlineData("max_input_chars_per_word", "here and")]
    [InlineData("post_processor", "0 tokens stand before texts")]
    public void Metadata_OtherWordPieces_AreRefused(string key, string names)
    {
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(TokenizerFiles.Published("minilm"), "tokenizer.json")))!.AsObject();
        switch (key)
        {
            case "lowercase":
                root["model"]!["vocab"]!.AsObject().Add("Hello", 30522);
                root["normalizer"]![key] = false;
                break;
            case "strip_accents":
                root["normalizer"]![key] = false;
                break;
            case "max_input_chars_per_word":
                root["model"]![key] = 40;
                break;
            default:
                root[key] = null;
                break;
        }
        using var folder = new TokenizerFolder();
        folder.Write(root);
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 30523)).Message.ShouldContain(names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Metadata_UnigramModel_ReadsTheSame(bool remove)
    {
        using var folder = new TokenizerFolder();
        ModelFile.Small(1, bytes: false, ("▁", -3, 1), ("a", -4, 1), ("b", -4.5f, 1), ("▁a", -3.5f, 1), ("ab", -5, 1), ("▁ab", -6, 1), ("1", -7, 1), ("é", -8, 1))
            .Normalizer(prefix: true, remove).WriteTo(folder);
        folder.Write("""{"tokenizer_class": "T5Tokenizer", "eos_token": "</s>"}""", "tokenizer_config.json");
        var entries = GgufTokenizerWriter.Metadata(folder.Folder, 20);
        entries["tokenizer.ggml.remove_extra_whitespaces"].ShouldBe(remove);
        entries["tokenizer.ggml.add_eos_token"].ShouldBe(true);
        Converted.CompareOver(TokenizerReader.FromFolder(folder.Folder), Converted.Read(entries), 300);
    }

    // Rules for characters: the library applies them to graphemes, SentencePiece and GGUF readers the longest that fits.
    [Fact]
    public void Metadata_T5Like_IsRefusedForItsRules() =>
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(TokenizerFiles.Published("t5-like"), 10000)).Message
            .ShouldContain("the normalizer Precompiled");

    [Fact]
    public void Files_T5_IsRefusedForItsRules() =>
        Should.Throw<UnsupportedException>(() => TokenizerFolderWriter.Files(Converted.Golden("tokenizers/t5/vocabulary.gguf"))).Message
            .ShouldContain("'tokenizer.ggml.precompiled_charsmap' has rules for characters");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_T5WithoutRules_ReadTheSame(bool remove)
    {
        var metadata = T5WithoutRules(prefix: true, remove);
        using var folder = Converted.Write(metadata);
        Converted.CompareOver(TokenizerReader.FromGguf(metadata), TokenizerReader.FromFolder(folder.Folder), 300);
        Oracle.CompareOver(folder.File, 100);
    }

    // Sums of scores in single precision choose another order of the same pieces than those in double precision, here for 67 letters a.
    [Fact]
    public void Files_ScoresThatRoundOtherwise_AreRefusedByText() =>
        Should.Throw<UnsupportedException>(() => TokenizerFolderWriter.Files(T5WithoutRules(prefix: false, remove: false))).Message
            .ShouldContain("the text 'aaaaaaaa");

    private static GgufMetadata T5WithoutRules(bool prefix, bool remove)
    {
        var values = Converted.Golden("tokenizers/t5/vocabulary.gguf").Values.ToDictionary();
        values.Remove("tokenizer.ggml.precompiled_charsmap");
        values["tokenizer.ggml.add_space_prefix"] = prefix;
        values["tokenizer.ggml.remove_extra_whitespaces"] = remove;
        return new GgufMetadata("file", values);
    }

    private static JsonNode Vocabulary(string path) => JsonNode.Parse(File.ReadAllText(path))!["model"]!["vocab"]!;
}
