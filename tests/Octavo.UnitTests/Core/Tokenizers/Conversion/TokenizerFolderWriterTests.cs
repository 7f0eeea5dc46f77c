using System.Text;
using Octavo.Core.Gguf;
using Octavo.Core.Tokenizers;
using Octavo.Core.Tokenizers.Conversion;
using Octavo.Core.Tokenizers.PreTokenizers;
using Shouldly;

namespace Octavo.UnitTests.Core.Tokenizers.Conversion;

public class TokenizerFolderWriterTests
{
    public static TheoryData<string> Vocabularies =>
    [
        "smollm2", .. GoldenTests.Vocabularies.Where(row => row.Data is not ("smollm2" or "t5")).Select(row => $"tokenizers/{row.Data}/vocabulary.gguf"),
        "files/bert/model.gguf", .. GoldenTests.Files.Select(row => $"files/{row.Data}/model.gguf"),
    ];

    public static TheoryData<string> PreTokenizers => [.. KnownPreTokenizers.All];

    [Theory, MemberData(nameof(Vocabularies))]
    public void Files_GoldenVocabulary_ReadTheSame(string name)
    {
        var metadata = Converted.Golden(name);
        using var folder = Converted.Write(metadata);
        var (source, written) = (TokenizerReader.FromGguf(metadata), TokenizerReader.FromFolder(folder.Folder));
        Converted.CompareOver(source, written, 300);
        Oracle.CompareOver(folder.File, 100);
        (written.BosId, written.EosId).ShouldBe((source.BosId, source.EosId));
    }

    [Theory, MemberData(nameof(PreTokenizers))]
    public void Files_EachKnownPreTokenizer_IsSpeltOutForTheLibrary(string name)
    {
        var metadata = TinyTokenizerGguf(name);
        using var folder = Converted.Write(metadata);
        Converted.CompareOver(TokenizerReader.FromGguf(metadata), TokenizerReader.FromFolder(folder.Folder), 50);
        Oracle.CompareOver(folder.File, 200);
    }

    [Fact]
    public void Files_Twice_AreTheSameBytes()
    {
        var metadata = TinyTokenizerGguf("qwen2");
        foreach (var (first, second) in TokenizerFolderWriter.Files(metadata).Zip(TokenizerFolderWriter.Files(metadata)))
            first.Content.ShouldBe(second.Content, first.Name);
    }

    [Fact]
    public void Files_Configuration_NamesTokensAndTemplates()
    {
        var values = TinyTokenizerGguf("qwen2").Values.ToDictionary();
        values["general.architecture"] = "qwen2";
        values["qwen2.context_length"] = 4096u;
        values["tokenizer.ggml.padding_token_id"] = values["tokenizer.ggml.eos_token_id"];
        values["tokenizer.chat_template"] = "{{ 'é' }}";
        Config(values).ShouldBe("""
            {"add_bos_token":true,"add_eos_token":false,"bos_token":"<|start|>","eos_token":"<|end|>","pad_token":"<|end|>","chat_template":"{{ 'é' }}",
            """.Trim() + """
            "clean_up_tokenization_spaces":false,"model_input_names":["input_ids","attention_mask"],"model_max_length":4096,
            """.Trim() + """
            "tokenizer_class":"PreTrainedTokenizerFast"}
            """.Trim());
        values["tokenizer.chat_templates"] = new[] { "tool_use" };
        values["tokenizer.chat_template.tool_use"] = "tools";
        Config(values).ShouldContain("""[{"name":"default","template":"{{ 'é' }}"},{"name":"tool_use","template":"tools"}]""");
    }

    // Without white space, for comparing.
    private static string Config(Dictionary<string, object> values)
    {
        var content = TokenizerFolderWriter.Files(new GgufMetadata("file", values)).Single(file => file.Name == "tokenizer_config.json").Content;
        content[^1].ShouldBe((byte)'\n');
        return string.Concat(Encoding.UTF8.GetString(content).Split('\n').Select(line => line.Trim().Replace("\": ", "\":", StringComparison.Ordinal)));
    }

    private static GgufMetadata TinyTokenizerGguf(string pre)
    {
        var vocabulary = TinyTokenizer.Json()["model"]!["vocab"]!.AsObject().Select(entry => entry.Key).ToArray();
        string[] tokens = [.. vocabulary, "<|start|>", "<|end|>", "<tool>", "<tool>s", "[PAD]"];
        return new GgufMetadata("file", new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = pre,
            ["tokenizer.ggml.tokens"] = tokens,
            ["tokenizer.ggml.token_type"] = (int[])[.. Enumerable.Repeat(1, vocabulary.Length), 3, 3, 4, 4, 5],
            ["tokenizer.ggml.merges"] = TinyTokenizer.Merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray(),
            ["tokenizer.ggml.bos_token_id"] = (uint)vocabulary.Length,
            ["tokenizer.ggml.eos_token_id"] = (uint)vocabulary.Length + 1,
            ["tokenizer.ggml.add_bos_token"] = true,
        });
    }
}
