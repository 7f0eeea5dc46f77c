using System.Text.Json;
using Octavo.Core;

namespace Octavo.Models.Configs;

/// <summary>A <c>config.json</c> in the hub's layout, or one object inside it.</summary>
internal sealed class HubConfig : ConfigReader
{
    private const long MaxBytes = 16 << 20;

    // what a config may say without any bearing on what is computed at inference
    private static readonly HashSet<string> _harmless = new(StringComparer.Ordinal)
    {
        "_attn_implementation", "_attn_implementation_autoset", "_name_or_path", "architectures", "attention_dropout", "bos_token_id",
        "chunk_size_feed_forward", "classifier_dropout", "dtype", "eos_token_id", "finetuning_task", "hidden_dropout", "id2label",
        "initializer_range", "is_llama_config", "label2id", "model_type", "num_labels", "output_attentions", "output_hidden_states",
        "pad_token_id", "pretraining_tp", "problem_type", "return_dict", "sep_token_id", "tokenizer_class", "torch_dtype",
        "transformers_version", "unk_token_id", "use_cache",
    };

    // what other models of this layout use, and the value that changes nothing
    private static readonly (string Key, object? Neutral)[] _foreign =
    [
        .. Each(null, "quantization_config", "compression_config", "attn_logit_softcapping", "final_logit_softcapping", "no_rope_layers",
            "original_max_position_embeddings", "vision_config", "text_config", "router_aux_loss_coef", "kv_lora_rank", "ternary_config"),
        .. Each(0L, "num_local_experts", "num_experts", "n_routed_experts", "num_nextn_predict_layers"),
        .. Each(1.0, "partial_rotary_factor", "embedding_multiplier", "logits_scaling", "residual_multiplier", "logit_scale"),
        .. Each(false, "rope_interleaved", "use_mrope", "add_cross_attention", "is_encoder_decoder", "use_qk_norm", "qk_layernorm",
            "attn_temperature_tuning", "use_bidirectional_attention", "alibi"),
        .. Each(true, "is_causal"),
    ];

    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly List<HubConfig> _sections = [];

    public HubConfig(JsonElement root, string location) : base(location) => (_object, _prefix) = (root, "");

    private HubConfig(HubConfig parent, string name, JsonElement inner) : base(parent) =>
        (_object, _prefix) = (inner, parent._prefix + name + ".");

    /// <summary>Keys that nothing asked for, those inside objects included, without those that have no bearing on results.</summary>
    public IReadOnlyList<string> UnknownKeys =>
        [.. Unread.Where(key => !_harmless.Contains(key)), .. _sections.SelectMany(section => section.UnknownKeys)];

    /// <summary>The first key that holds an object, or null.</summary>
    public string? FirstObject =>
        Keys.FirstOrDefault(key => Find(key) is JsonElement { ValueKind: JsonValueKind.Object }) is { } key ? Full(key) : null;

    protected override IEnumerable<string> Keys => _object.EnumerateObject().Select(property => property.Name);

    /// <summary>Reads and parses a file.</summary>
    /// <exception cref="CheckpointException">It is no JSON object, or too large.</exception>
    public static HubConfig Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length is > MaxBytes and var length)
                throw new CheckpointException($"{path}: {length} bytes; a configuration has at most {MaxBytes}.");
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Parses the text of a file.</summary>
    public static HubConfig Parse(ReadOnlyMemory<byte> json, string location)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object
                ? new HubConfig(root, location)
                : throw new CheckpointException($"{location}: holds {root.ValueKind}; a JSON object is expected.");
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{location}: not valid JSON: {error.Message} Get the file again.", error);
        }
    }

    /// <summary>An object inside this one, or null where the key is absent or null.</summary>
    public HubConfig? Section(string key)
    {
        var found = Find(key);
        Has(key);
        if (found is JsonElement { ValueKind: JsonValueKind.Object } inner)
        {
            _sections.Add(new HubConfig(this, key, inner));
            return _sections[^1];
        }
        Require(found is null, $"{Full(key)} is {Show(found)}; an object is expected.");
        return null;
    }

    /// <summary>How many entries an object or a list has; null where the key is absent.</summary>
    public int? CountOf(string key) => ValueOf(key) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } entries => entries.GetPropertyCount(),
        JsonElement { ValueKind: JsonValueKind.Array } entries => entries.GetArrayLength(),
        _ => null,
    };

    /// <summary>How many labels a classification head has: entries of <c>id2label</c>, else <c>num_labels</c>, else the reference's 2.</summary>
    public int Labels()
    {
        var named = CountOf("id2label");
        Require(named is null or > 0 and <= MaxWidth, $"{Full("id2label")} has {named} entries; 1 to {MaxWidth} are expected.");
        return named ?? Size("num_labels", MaxWidth, 2);
    }

    /// <summary>The texts of a list; null where the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        Has(key);
        if (Find(key) is not { } found)
            return null;
        if (found is JsonElement { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(IsText))
            return [.. list.EnumerateArray().Select(item => item.GetString()!)];
        Require(false, $"{Full(key)} is {Show(found)}; a list of texts is expected.");
        return null;
    }

    /// <summary>The ids of a number or a list of numbers; empty where the key is absent.</summary>
    public IReadOnlyList<long> Ids(string key)
    {
        var found = ValueOf(key);
        if (found is long one)
            return [one];
        if (found is JsonElement { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(IsWhole))
            return [.. list.EnumerateArray().Select(item => item.GetInt64())];
        Require(found is null, $"{Full(key)} is {Show(found)}; an id or a list of ids is expected.");
        return [];
    }

    /// <summary>The numbers of a list; null where the key is absent.</summary>
    public IReadOnlyList<double>? Numbers(string key)
    {
        Has(key);
        if (Find(key) is not { } found)
            return null;
        if (found is JsonElement { ValueKind: JsonValueKind.Array } list && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number))
            return [.. list.EnumerateArray().Select(item => item.GetDouble())];
        Require(false, $"{Full(key)} is {Show(found)}; a list of numbers is expected.");
        return null;
    }

    /// <summary>The value of a key as long, double, bool, string or anything else; null where it is absent.</summary>
    public object? ValueOf(string key)
    {
        Has(key);
        return Find(key);
    }

    /// <summary>The numbers of an object, in its order; empty where the key is absent.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> NumberMap(string key, double min, double max) =>
        Section(key) is { } inner ? [.. inner.Keys.Select(name => KeyValuePair.Create(name, inner.Number(name, null, min, max)))] : [];

    /// <summary>Requires heads to divide the width where the config does not give their own.</summary>
    public void RequireHeadDim(int width, int heads)
    {
        if (!Has("head_dim"))
            RequireMultiple("hidden_size", width, "num_attention_heads", heads);
    }

    /// <summary>Refuses <c>layer_types</c> that say anything else than the other keys do.</summary>
    public void CheckLayerTypes(int layers, Func<int, bool> sliding)
    {
        if (Texts("layer_types") is not { } types || layers == 0)
            return;
        Require(types.Count == layers, $"layer_types has {types.Count} entries; num_hidden_layers ({layers}) are expected.");
        for (var i = 0; i < Math.Min(types.Count, layers); i++)
        {
            if (types[i] != (sliding(i) ? "sliding_attention" : "full_attention"))
            {
                Refuse($"layer_types[{i}] {Show(types[i])}: it differs from what the other keys say of that layer.");
                return;
            }
        }
    }

    /// <summary>Refuses by name what other models of this layout use and the families here do not compute.</summary>
    /// <param name="known">Those among them that the family does compute.</param>
    public void RefuseForeign(params ReadOnlySpan<string> known)
    {
        foreach (var (key, neutral) in _foreign)
        {
            if (!known.Contains(key))
                RefuseUnless(neutral, key);
        }
    }

    private static IEnumerable<(string, object?)> Each(object? neutral, params string[] keys) => keys.Select(key => (key, neutral));

    private static bool IsText(JsonElement item) => item.ValueKind == JsonValueKind.String;

    private static bool IsWhole(JsonElement item) => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out _);

    protected override string Full(string key) => _prefix + key;

    protected override object? Find(string key)
    {
        if (!_object.TryGetProperty(key, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
            JsonValueKind.Number => value.GetDouble(),
            _ => value,
        };
    }
}
