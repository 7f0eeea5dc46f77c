using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core.Gguf;
using Octavo.Models;
using Octavo.Models.Configs;

namespace Octavo.UnitTests.Models;

/// <summary>Small configurations in both layouts, to be changed by a test.</summary>
internal static class TinyConfig
{
    public static JsonObject Hub(string architecture = "LlamaForCausalLM")
    {
        var type = Architectures.Families.FirstOrDefault(family => family.Architectures.Contains(architecture))?.ModelType
            ?? architecture[..architecture.IndexOf("For", StringComparison.Ordinal)].ToLowerInvariant();
        var config = new JsonObject { ["architectures"] = new JsonArray(architecture), ["model_type"] = type };
        foreach (var (key, size) in SizeKeys(architecture).Zip((int[])[40, 24, 20, 2, 6, 64]))
            config[key] = size;
        return type switch
        {
            "chatglm" => config.With("multi_query_attention", true).With("multi_query_group_num", 2).With("layernorm_epsilon", 1e-5),
            "bert" or "roberta" or "xlm-roberta" or "mpnet" => config.With("hidden_act", "gelu").With("layer_norm_eps", 1e-5),
            // what the reference has by default and the tiny GGUF file has not
            "internlm2" => Decoder(config.With("bias", false)),
            "gemma2" => Decoder(config.With("tie_word_embeddings", false)).With("hidden_act", "gelu_pytorch_tanh"),
            "glm4" => Decoder(config.With("attention_bias", false)),
            _ => Decoder(config),
        };
    }

    private static JsonObject Decoder(JsonObject config) =>
        config.With("num_key_value_heads", 2).With("rms_norm_eps", 1e-5).With("hidden_act", "silu");

    /// <summary>Keys of the vocabulary, C, F, layers, H and the longest sequence.</summary>
    public static string[] SizeKeys(string architecture) => architecture.StartsWith("ChatGLM", StringComparison.Ordinal)
        ? ["padded_vocab_size", "hidden_size", "ffn_hidden_size", "num_layers", "num_attention_heads", "seq_length"]
        : ["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings"];

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

    public static Dictionary<string, object> Gguf(string architecture = "llama")
    {
        var values = Sizes(architecture);
        // what a family cannot do without
        if (architecture is "chatglm" or "glm4")
            values[architecture + ".rope.dimension_count"] = 2u;
        if (architecture is "bert")
            values["bert.attention.layer_norm_epsilon"] = 1e-5f;
        return values;
    }

    private static Dictionary<string, object> Sizes(string architecture) => new()
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
