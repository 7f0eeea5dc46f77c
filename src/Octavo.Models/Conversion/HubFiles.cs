using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core.Tokenizers.Conversion;

namespace Octavo.Models.Conversion;

/// <summary>What lies beside the weights in a folder of the hub's layout.</summary>
internal static class HubFiles
{
    // what a tokenizer, a template, a generation or a sentence encoder is read from
    private static readonly string[] _carried =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt",
        "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "generation_config.json", "chat_template.jinja", "chat_template.json",
        "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "README.md", "LICENSE",
    ];

    /// <summary>Writes all but weights into an empty folder.</summary>
    /// <returns>What was not carried over, one sentence each.</returns>
    public static IReadOnlyList<string> Write(Checkpoint source, JsonObject config, string folder)
    {
        WriteJson(Path.Combine(folder, "config.json"), config);
        if (!source.IsGguf)
        {
            Copy(Path.GetDirectoryName(source.ConfigPath!)!, folder);
            return [];
        }
        WriteGeneration(source, folder);
        if (SentenceSettings.Read(source) is { } settings)
            WriteSentences(settings, source.Model, folder);
        if (!source.Metadata!.Values.ContainsKey("tokenizer.ggml.model"))
            return ["The file has no tokenizer, so the folder has none either."];
        foreach (var (name, bytes) in TokenizerFolderWriter.Files(source.Metadata))
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        return [];
    }

    private static void Copy(string from, string to)
    {
        foreach (var name in _carried.Where(name => File.Exists(Path.Combine(from, name))))
            File.Copy(Path.Combine(from, name), Path.Combine(to, name));
        foreach (var inner in Directory.EnumerateDirectories(from))
        {
            var name = Path.GetFileName(inner);
            // 1_Pooling, 2_Normalize and so on, and further templates
            if (!(name.Length > 2 && char.IsAsciiDigit(name[0]) && name[1] == '_') && name != "additional_chat_templates")
                continue;
            Directory.CreateDirectory(Path.Combine(to, name));
            foreach (var file in Directory.EnumerateFiles(inner).Where(file => file.EndsWith(".json", StringComparison.Ordinal) || file.EndsWith(".jinja", StringComparison.Ordinal)))
                File.Copy(file, Path.Combine(to, name, Path.GetFileName(file)));
        }
    }

    private static void WriteGeneration(Checkpoint source, string folder)
    {
        if (source.StopIds.Count == 0)
            return;
        var ids = new JsonArray([.. source.StopIds.Select(id => (JsonNode)id)]);
        WriteJson(Path.Combine(folder, "generation_config.json"), new JsonObject { ["eos_token_id"] = ids });
    }

    private static void WriteSentences(SentenceSettings settings, TextModel model, string folder)
    {
        JsonObject Module(int index, string path, string kind) => new()
        {
            ["idx"] = index, ["name"] = index.ToString(System.Globalization.CultureInfo.InvariantCulture), ["path"] = path,
            ["type"] = "sentence_transformers.models." + kind,
        };
        JsonArray modules = [Module(0, "", "Transformer"), Module(1, "1_Pooling", "Pooling")];
        if (settings.Normalize)
            modules.Add((JsonNode)Module(2, "2_Normalize", "Normalize"));
        WriteJson(Path.Combine(folder, "modules.json"), modules);
        WriteJson(Path.Combine(folder, "sentence_bert_config.json"), new JsonObject { ["max_seq_length"] = settings.MaxTokens ?? model.ContextLength });
        Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
        WriteJson(Path.Combine(folder, "1_Pooling", "config.json"), new JsonObject
        {
            ["word_embedding_dimension"] = model.HiddenSize,
            ["pooling_mode_cls_token"] = settings.Pooling == Pooling.Cls, ["pooling_mode_mean_tokens"] = settings.Pooling == Pooling.Mean,
            ["pooling_mode_max_tokens"] = settings.Pooling == Pooling.Max, ["pooling_mode_lasttoken"] = settings.Pooling == Pooling.Last,
        });
    }

    private static void WriteJson(string path, JsonNode node) =>
        File.WriteAllText(path, JsonSerializer.Serialize(node, JsonNodeContext.Default.JsonNode) + "\n", new UTF8Encoding(false));
}
