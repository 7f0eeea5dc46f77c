using System.Globalization;
using System.Text.Json;

namespace Octavo.Models.Adapters;

/// <summary>Writes <c>adapter_config.json</c> with every key that PEFT writes, in its order and spacing, so that other readers find theirs.</summary>
internal static class AdapterConfigWriter
{
    // the release whose layout this is
    private const string PeftVersion = "0.21.2";

    private static readonly string[] _nothing =
    [
        "alora_invocation_tokens", "arrow_config", "auto_mapping", "corda_config", "eva_config", "kasa_config", "layer_replication", "layers_pattern",
        "lora_ga_config", "megatron_config", "modules_to_save", "monteclora_config", "target_parameters", "trainable_token_indices", "use_bdlora",
        "velora_config",
    ];

    private static readonly string[] _off = ["ensure_weight_tying", "fan_in_fan_out", "lora_bias", "use_qalora"];

    public static byte[] Write(AdapterConfig config)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, IndentSize = 2, NewLine = "\n" }))
        {
            json.WriteStartObject();
            foreach (var (key, write) in Entries(config).OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(key);
                write(json);
            }
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static List<(string Key, Action<Utf8JsonWriter> Write)> Entries(AdapterConfig config)
    {
        List<(string Key, Action<Utf8JsonWriter> Write)> entries =
        [
            .. _nothing.Select(key => Entry(key, json => json.WriteNullValue())),
            .. _off.Select(key => Entry(key, json => json.WriteBooleanValue(false))),
            Entry("base_model_name_or_path", json => json.WriteStringValue(config.BaseModel)),
            Entry("revision", json => json.WriteStringValue(config.Revision)),
            Entry("task_type", json => json.WriteStringValue(config.TaskType)),
            Entry("bias", json => json.WriteStringValue("none")),
            Entry("megatron_core", json => json.WriteStringValue("megatron.core")),
            Entry("peft_type", json => json.WriteStringValue("LORA")),
            Entry("peft_version", json => json.WriteStringValue(PeftVersion)),
            Entry("inference_mode", json => json.WriteBooleanValue(true)),
            Entry("init_lora_weights", json => json.WriteBooleanValue(true)),
            Entry("qalora_group_size", json => json.WriteNumberValue(16)),
            Entry("loftq_config", json => Map(json, [])),
            Entry("r", json => json.WriteNumberValue(config.Rank)),
            Entry("lora_alpha", json => Number(json, config.Alpha)),
            Entry("lora_dropout", json => json.WriteRawValue(Real(config.Dropout))),
            Entry("use_rslora", json => json.WriteBooleanValue(config.RankStabilized)),
            Entry("use_dora", json => json.WriteBooleanValue(config.Dora)),
            Entry("rank_pattern", json => Map(json, config.RankPattern)),
            Entry("alpha_pattern", json => Map(json, config.AlphaPattern)),
            Entry("exclude_modules", json => Texts(json, config.ExcludedModules)),
            Entry("layers_to_transform", json => Numbers(json, config.Layers)),
        ];
        entries.Add(Entry("target_modules", json =>
        {
            if (config.TargetPattern is { } pattern)
                json.WriteStringValue(pattern);
            else
                Texts(json, config.TargetModules);
        }));
        return entries;
    }

    private static (string Key, Action<Utf8JsonWriter> Write) Entry(string key, Action<Utf8JsonWriter> write) => (key, write);

    private static void Texts(Utf8JsonWriter json, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        foreach (var text in texts.Order(StringComparer.Ordinal))
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    // the order decides which expression counts
    private static void Map(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, double>> map)
    {
        json.WriteStartObject();
        foreach (var (key, value) in map)
        {
            json.WritePropertyName(key);
            Number(json, value);
        }
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, double number)
    {
        if (number == Math.Floor(number) && Math.Abs(number) < 1e15)
            json.WriteNumberValue((long)number);
        else
            json.WriteRawValue(Real(number));
    }

    // with a point, since readers tell floats by it
    private static string Real(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
