using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core.Gguf;
using Octavo.Models;
using Octavo.Models.Configs;

namespace Octavo.UnitTests.Models;

/// <summary>Small configurations in both layouts, to be changed by a test.</summary>
internal static class TinyConfig
{
    public static JsonObject Hub(string architecture = "LlamaForCausalLM") => new()
    {
        ["architectures"] = new JsonArray(architecture),
        ["model_type"] = architecture[..architecture.IndexOf("For", StringComparison.Ordinal)].ToLowerInvariant(),
        ["vocab_size"] = 40, ["hidden_size"] = 24, ["intermediate_size"] = 20, ["num_hidden_layers"] = 2,
        ["num_attention_heads"] = 6, ["num_key_value_heads"] = 2, ["max_position_embeddings"] = 64, ["hidden_act"] = "silu", ["rms_norm_eps"] = 1e-5,
    };

    public static JsonObject With(this JsonObject config, string key, JsonNode? value)
    {
        config[key] = value;
        return config;
    }

    public static JsonObject Without(this JsonObject config, string key)
    {
        config.Remove(key);
        return config;
    }

    public static TextModel Describe(this JsonObject config) => Read(config, out _);

    public static TextModel Read(JsonObject config, out HubConfig json)
    {
        json = HubConfig.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()), "config.json");
        return Architectures.Select(json, out var architecture).FromHub(architecture, json);
    }

    public static Dictionary<string, object> Gguf(string architecture = "llama") => new()
    {
        ["general.architecture"] = architecture,
        [architecture + ".vocab_size"] = 40u, [architecture + ".embedding_length"] = 24u, [architecture + ".feed_forward_length"] = 20u,
        [architecture + ".block_count"] = 2u, [architecture + ".attention.head_count"] = 6u, [architecture + ".attention.head_count_kv"] = 2u,
        [architecture + ".context_length"] = 64u, [architecture + ".attention.layer_norm_rms_epsilon"] = 1e-5f,
    };

    public static TextModel Describe(Dictionary<string, object> values, FakeSource? tensors = null)
    {
        tensors ??= new FakeSource();
        var family = Architectures.Select(new GgufMetadata("model.gguf", values), tensors, out var config);
        return family.FromGguf!(config);
    }

    public static Attention AttentionOf(this TextModel model, int layer) => (Attention)model.Stacks[0].Layers[layer].Parts[0].Mix;
}
