using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Tokenizers.Conversion;

namespace Octavo.Models.Conversion;

/// <summary>What lies beside the weights in a folder of the hub's layout.</summary>
internal static class HubFiles
{
    // weights in any framework's form: what is converted, and what would not fit it any more
    private static readonly string[] _weights =
        [".safetensors", ".safetensors.index.json", ".bin", ".bin.index.json", ".pt", ".pth", ".gguf", ".onnx", ".h5", ".msgpack", ".ot"];

    /// <summary>Writes all but weights into an empty folder.</summary>
    /// <returns>What was not carried over, one sentence each.</returns>
    public static IReadOnlyList<string> Write(Checkpoint source, JsonObject config, string folder)
    {
        if (source.Metadata is null)
        {
            WriteJson(Path.Combine(folder, "config.json"), config);
            return Copy(Path.GetDirectoryName(Path.GetFullPath(source.ConfigPath!))!, folder);
        }
        var ids = Ids(source);
        WriteJson(Path.Combine(folder, "config.json"), With(config, ids));
        WriteGeneration(source, ids, folder);
        if (SentenceSettings.Read(source) is { } settings)
            WriteSentences(settings, source.Model, folder);
        if (!source.Metadata!.Values.ContainsKey("tokenizer.ggml.model"))
            return ["The file has no tokenizer, so the folder has none either."];
        foreach (var (name, bytes) in TokenizerFolderWriter.Files(source.Metadata))
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        return [];
    }

    /// <summary>Refuses a folder that holds more than a model, which overwriting would take away.</summary>
    /// <exception cref="ConfigException">It does; the message names what.</exception>
    public static void RefuseForeign(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")))
            throw new ConfigException($"{folder}: the folder holds files but no model; only a model's folder is overwritten. Choose another place.");
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            var name = Path.GetFileName(entry);
            var isOwn = Directory.Exists(entry) ? IsModule(name) : IsWeights(name) || IsText(name);
            if (!isOwn)
                throw new ConfigException($"{folder}: the folder holds '{name}', which belongs to no model, and overwriting would take it away. Choose another place.");
        }
    }

    private static List<string> Copy(string from, string to)
    {
        List<string> left = [];
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(entry);
            if (name == "config.json" || name.StartsWith('.'))
                continue;
            if (Directory.Exists(entry) ? !IsModule(name) : IsWeights(name) || !IsText(name))
            {
                if (!IsWeights(name))
                    left.Add(name);
            }
            else if (Directory.Exists(entry))
            {
                CopyModule(entry, Path.Combine(to, name));
            }
            else
            {
                File.Copy(entry, Path.Combine(to, name));
            }
        }
        return left.Count == 0 ? [] : [$"Not carried over from the folder: {string.Join(", ", left)}."];
    }

    private static void CopyModule(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    // 1_Pooling, 2_Normalize and so on, and further templates
    private static bool IsModule(string name) =>
        (name.Length > 2 && char.IsAsciiDigit(name[0]) && name[1] == '_') || name == "additional_chat_templates";

    private static bool IsWeights(string name) => _weights.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool IsText(string name) =>
        name is "README.md" or "LICENSE" or "NOTICE" or "vocab.txt" or "merges.txt"
        || Path.GetExtension(name) is ".json" or ".jinja" or ".model" or ".tiktoken"
        || (name.EndsWith(".py", StringComparison.Ordinal) && (name.StartsWith("modeling_", StringComparison.Ordinal)
            || name.StartsWith("configuration_", StringComparison.Ordinal) || name.StartsWith("tokenization_", StringComparison.Ordinal)));

    // readers fall back on the defaults of a class where a configuration does not say them
    private static List<(string Key, long Id)> Ids(Checkpoint source)
    {
        List<(string Key, long Id)> ids = [];
        foreach (var (key, name) in ((string, string)[])[("bos_token_id", "bos"), ("eos_token_id", "eos"), ("pad_token_id", "padding")])
        {
            if (source.Metadata!.TryGet<long>($"tokenizer.ggml.{name}_token_id", out var id) && id < source.Model.VocabularySize)
                ids.Add((key, id));
        }
        return ids;
    }

    private static JsonObject With(JsonObject config, List<(string Key, long Id)> ids)
    {
        var copy = config.DeepClone().AsObject();
        foreach (var (key, id) in ids)
            copy[key] = id;
        return copy;
    }

    private static void WriteGeneration(Checkpoint source, List<(string Key, long Id)> ids, string folder)
    {
        if (source.StopIds.Count == 0)
            return;
        var generation = With([], ids);
        generation["eos_token_id"] = new JsonArray([.. source.StopIds.Select(id => (JsonNode)id)]);
        WriteJson(Path.Combine(folder, "generation_config.json"), generation);
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
