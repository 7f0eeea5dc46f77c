using System.Text.Json.Nodes;
using CsCheck;
using Octavo.Core;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Conversion;
using Octavo.Core.Tokenizers.Normalization;
using Octavo.Core.Tokenizers.PreTokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Conversion;

public class GgufTokenizerWriterTests
{
    private const string Gpt4oPattern = KnownPatterns.Gpt4o;

    [Fact]
    public void Metadata_Llama3_ReadsTheSame()
    {
        var folder = TokenizerFiles.Published("llama3_1");
        var entries = GgufTokenizerWriter.Metadata(folder, 128256, [128001, 128008, 128009]);
        entries["tokenizer.ggml.pre"].ShouldBe("llama-bpe");
        entries["tokenizer.ggml.eos_token_id"].ShouldBe(128009u);
        // Of the others, readers know <|end_of_text|> by its spelling.
        entries["tokenizer.ggml.eot_token_id"].ShouldBe(128008u);
        entries["tokenizer.ggml.add_bos_token"].ShouldBe(true);
        Converted.CompareOver(TokenizerReader.FromFolder(folder), Converted.Read(entries), 300);
    }

    [Fact]
    public void Metadata_NormalizedTexts_AreRefusedOrAcceptedInFormC()
    {
        var folder = TokenizerFiles.Published("qwen2_5");
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder, 151936)).Message.ShouldContain("Unicode's form C");
        var entries = GgufTokenizerWriter.Metadata(folder, 151936, acceptUnnormalized: true);
        entries["tokenizer.ggml.pre"].ShouldBe("qwen2");
        ((string[])entries["tokenizer.ggml.tokens"])[^1].ShouldBe("[PAD151935]");
        ((int[])entries["tokenizer.ggml.token_type"])[^1].ShouldBe(5);
        Converted.CompareOver(TokenizerReader.FromFolder(folder), Converted.Read(entries), 300,
            RandomText.Texts.Select(text => NormalizationFormC.Normalize(text, out _)));
    }

    [Fact]
    public void Metadata_OfWrittenFolder_IsTheFilesOwn()
    {
        var metadata = Converted.Golden("smollm2");
        using var folder = Converted.Write(metadata);
        var entries = GgufTokenizerWriter.Metadata(folder.Folder, 49152);
        foreach (var (key, value) in entries)
            value.ShouldBe(metadata.Values.TryGetValue(key, out var its) ? its : key.EndsWith("add_eos_token", StringComparison.Ordinal) ? false : null, key);
    }

    [Theory]
    [InlineData("gpt-2", TinyTokenizer.Gpt2Pattern)]
    [InlineData("dbrx", TinyTokenizer.Llama3Pattern)]
    [InlineData("gpt-4o", Gpt4oPattern)]
    public void Metadata_PatternInTheFile_IsFoundByName(string name, string pattern)
    {
        using var folder = Tiny(root => root["pre_tokenizer"] = TinyTokenizer.SplitThenBytes(pattern));
        var entries = GgufTokenizerWriter.Metadata(folder.Folder, 2000);
        entries["tokenizer.ggml.pre"].ShouldBe(name);
        Converted.CompareOver(TokenizerReader.FromFolder(folder.Folder), Converted.Read(entries), 300);
    }

    [Fact]
    public void Distinct_KnownPreTokenizers_HasOneOfEach()
    {
        static string Stages(string name) => KnownPreTokenizers.ByName(name, "") is var known ? $"{string.Join('\n', known.Patterns)} {known.IgnoresMerges}" : "";
        KnownPreTokenizers.Distinct.Select(Stages).ShouldBeUnique();
        KnownPreTokenizers.All.Select(Stages).Distinct().Order().ShouldBe(KnownPreTokenizers.Distinct.Select(Stages).Order());
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "affix", "end_of_word_suffix '</w>'" },
        { "prefix space", "add_prefix_space" },
        { "lowercase", "normalized by Lowercase" },
        { "lstrip", "'<tool>' has lstrip" },
        { "two beginnings", "texts begin with 2 tokens, <|start|> <|end|>" },
        { "another cut", "With the pre-tokenizer '" },
        { "another beginning", "bos_token is '<|end|>'" },
        { "words", "'WordLevel (tokenizer.json)' cannot be written as GGUF" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Metadata_WhatGgufCannotSay_IsRefusedByName(string change, string names)
    {
        using var folder = Tiny(root => Change(root, change));
        if (change == "another beginning")
            folder.Write("""{"bos_token": "<|end|>"}""", "tokenizer_config.json");
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 2000)).Message.ShouldContain(names);
    }

    [Fact]
    public void Metadata_FewerRowsThanTokens_IsRefused()
    {
        using var folder = Tiny(_ => { });
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 300)).Message.ShouldContain("only 300 rows of embeddings");
    }

    [Fact]
    public void Metadata_StopIds_GetKeysOfTheirOwn()
    {
        using var folder = Tiny(_ => { });
        var (start, end, tool) = (Id(folder, "<|start|>"), Id(folder, "<|end|>"), Id(folder, "<tool>"));
        var entries = GgufTokenizerWriter.Metadata(folder.Folder, 2000, [start, tool]);
        Converted.Read(entries).StopIds.Order().ShouldBe([start, end, tool]);
        Should.Throw<UnsupportedException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 2000, [start, tool, tool + 1, 0])).Message
            .ShouldContain("A GGUF file names two more");
        Should.Throw<ConfigException>(() => GgufTokenizerWriter.Metadata(folder.Folder, 2000, [1999])).Message.ShouldContain("no token 1999");
    }

    private static int Id(TokenizerFolder folder, string piece) => TokenizerReader.FromFolder(folder.Folder).IdOf(piece)!.Value;

    private static TokenizerFolder Tiny(Action<JsonObject> change)
    {
        var folder = new TokenizerFolder();
        folder.Write(TinyTokenizer.Json(change: change));
        return folder;
    }

    private static void Change(JsonObject root, string change)
    {
        var start = root["added_tokens"]![0]!["id"]!.GetValue<int>();
        switch (change)
        {
            case "affix":
                root["model"]!["end_of_word_suffix"] = "</w>";
                break;
            case "prefix space":
                root["pre_tokenizer"] = TinyTokenizer.ByteLevel(prefix: true);
                break;
            case "lowercase":
                root["normalizer"] = new JsonObject { ["type"] = "Lowercase" };
                break;
            case "lstrip":
                root["added_tokens"]![2]!["lstrip"] = true;
                break;
            case "two beginnings":
                root["post_processor"] = TinyTokenizer.StartTemplate(start);
                root["post_processor"]!["special_tokens"]!["<|start|>"]!["ids"] = new JsonArray(start, start + 1);
                break;
            case "another beginning":
                root["post_processor"] = TinyTokenizer.StartTemplate(start);
                break;
            case "another cut":
                root["pre_tokenizer"] = TinyTokenizer.SplitThenBytes("[a-z]|[^a-z]+");
                break;
            default:
                root["model"] = StageFile.Stage("WordLevel", ("unk_token", "?"), ("vocab", new JsonObject { ["?"] = 0 }));
                root["added_tokens"] = new JsonArray();
                break;
        }
    }
}
