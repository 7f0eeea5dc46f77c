using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Conversion;
using Octavo.UnitTests.Core.Tokenizers.SentencePiece;
using Shouldly;
using static Octavo.UnitTests.Core.Tokenizers.StageFile;

namespace Octavo.UnitTests.Core.Tokenizers.Conversion;

public class ScoredPairsTests
{
    [Fact]
    public void Metadata_Llama2_ReadsTheSameAndGivesItsMergesBack()
    {
        var folder = TokenizerFiles.Published("llama2");
        var entries = GgufTokenizerWriter.Metadata(folder, 32064);
        entries["tokenizer.ggml.add_space_prefix"].ShouldBe(true);
        entries["tokenizer.ggml.unknown_token_id"].ShouldBe(0u);
        ((int[])entries["tokenizer.ggml.token_type"])[..4].ShouldBe([2, 3, 3, 6]);
        Converted.CompareOver(TokenizerReader.FromFolder(folder), Converted.Read(entries), 300);
        using var written = Converted.Write(new GgufMetadata("written", entries.ToDictionary()));
        Merges(written.File).ShouldBe(Merges(Path.Combine(folder, "tokenizer.json")));
    }

    // InternLM 2 puts no space before texts but takes one off when decoding; a GGUF file does both or neither.
    [Fact]
    public void Metadata_InternLm2_IsRefusedForItsDecoder() =>
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(TokenizerFiles.Published("internlm2"), 92544)).Message
            .ShouldContain("decode to 'a' here and ' a' there");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Metadata_SentencePieceModel_ReadsTheSame(bool prefix)
    {
        using var folder = Model(file => file.Normalizer(prefix, remove: false));
        folder.Write("""{"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>"}""", "tokenizer_config.json");
        var entries = GgufTokenizerWriter.Metadata(folder.Folder, 300);
        entries["tokenizer.ggml.add_space_prefix"].ShouldBe(prefix);
        entries["tokenizer.ggml.add_bos_token"].ShouldBe(true);
        Converted.CompareOver(TokenizerReader.FromFolder(folder.Folder), Converted.Read(entries), 300);
    }

    public static TheoryData<string, string> RefusedModels => new()
    {
        { "spaces", "several spaces become one (remove_extra_whitespaces)" },
        { "suffix", "words have their space behind them" },
        { "symbols", "here and" },
    };

    [Theory, MemberData(nameof(RefusedModels))]
    public void Metadata_SentencePieceRuleWithoutAKey_IsRefused(string rule, string names)
    {
        using var folder = Model(file => (rule switch
        {
            "spaces" => file.Normalizer(prefix: true, remove: true),
            "suffix" => file.Message(2, spec => spec.Number(3, 2).Number(24, 1)).Normalizer(prefix: true, remove: false),
            // Texts of the user's are found in the normalized text there, and in the text as it came in GGUF files.
            _ => file.Piece("<tool>", 0, 4).Normalizer(prefix: true, remove: false),
        }).ToArray());
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 300)).Message.ShouldContain(names);
    }

    public static TheoryData<string, string> RefusedMerges => new()
    {
        { "apart", "merges that make 'abc' stand apart" },
        { "missing", "make 'abc' in 2 ways, of which 1 are merges" },
        { "added", "a merge joins 'a' and 'b', of which one is an added token or makes one" },
        { "first only", "here and" },
        { "normalized", "here and" },
    };

    [Theory, MemberData(nameof(RefusedMerges))]
    public void Metadata_MergesThatScoresCannotSay_AreRefused(string rule, string names)
    {
        using var folder = new TokenizerFolder();
        folder.Write(Pairs(rule));
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 300)).Message.ShouldContain(names);
    }

    [Fact]
    public void Metadata_SoundMerges_ReadTheSame()
    {
        using var folder = new TokenizerFolder();
        folder.Write(Pairs(""));
        Converted.CompareOver(TokenizerReader.FromFolder(folder.Folder), Converted.Read(GgufTokenizerWriter.Metadata(folder.Folder, 300)), 300);
    }

    [Fact]
    public void Files_EqualScores_AreRefused()
    {
        using var folder = new TokenizerFolder();
        folder.Write(Pairs(""));
        var entries = GgufTokenizerWriter.Metadata(folder.Folder, 300).ToDictionary();
        entries["tokenizer.ggml.scores"] = new float[300];
        Should.Throw<UnsupportedException>(() => TokenizerFolderWriter.Files(new GgufMetadata("file", entries))).Message.ShouldContain("'tokenizer.ggml.scores': entries");
    }

    private static string[] Merges(string path) => [.. JsonNode.Parse(File.ReadAllText(path))!["model"]!["merges"]!.AsArray()
        .Select(merge => merge is JsonArray pair ? $"{pair[0]} {pair[1]}" : merge!.ToString())];

    private static TokenizerFolder Model(Func<ModelFile, ModelFile> change) => Model(file => change(file).ToArray());

    private static TokenizerFolder Model(Func<ModelFile, byte[]> change)
    {
        var folder = new TokenizerFolder();
        var file = ModelFile.Small(2, bytes: true, ("▁", -9, 1), ("a", -9, 1), ("b", -9, 1), ("▁a", -2, 1), ("ab", -1, 1), ("▁ab", -3, 1), ("▁▁", -4, 1), ("aa", -5, 1));
        File.WriteAllBytes(Path.Combine(folder.Folder, "tokenizer.model"), change(file));
        return folder;
    }

    private static JsonObject Pairs(string rule)
    {
        string[] spelt = [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")];
        string[] pieces = ["<unk>", .. spelt, "▁", "a", "b", "c", "ab", "bc", "abc", "▁a"];
        JsonArray merges = rule == "apart"
            ? ["a b", "b c", "ab c", "▁ a", "a bc"]
            : rule == "missing" ? ["a b", "b c", "ab c", "▁ a"] : ["a b", "b c", "ab c", "a bc", "▁ a"];
        var model = Stage("BPE", ("dropout", null), ("unk_token", "<unk>"), ("fuse_unk", true), ("byte_fallback", true),
            ("vocab", new JsonObject(pieces.Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)))), ("merges", merges));
        JsonNode normalizer = rule == "normalized" ? Stage("Lowercase") : Sequence("normalizers", Stage("Prepend", ("prepend", "▁")), Replace(Text(" "), "▁"));
        var decoder = Sequence("decoders", Replace(Text("▁"), " "), Stage("ByteFallback"), Stage("Fuse"), Stage("Strip", ("content", " "), ("start", 1), ("stop", 0)));
        var root = Root(model, rule == "first only" ? null : normalizer, rule == "first only" ? Metaspace("first", split: false) : null, decoder);
        root["added_tokens"] = new JsonArray(new JsonObject { ["id"] = 0, ["content"] = "<unk>", ["special"] = true, ["normalized"] = false });
        if (rule == "added")
            root["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 261, ["content"] = "ab", ["special"] = false, ["normalized"] = false });
        return root;
    }
}
