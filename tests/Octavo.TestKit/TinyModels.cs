using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Octavo.Core;

namespace Octavo.TestKit;

/// <summary>Tiny but real checkpoints with seeded random weights, written in the hub's layout.</summary>
public static class TinyModels
{
    /// <summary>A Llama: two layers and 160 tokens unless told otherwise, width 64, 4 query heads on 2 key-value heads of 16.</summary>
    /// <param name="folder">Where config.json and model.safetensors are written.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <param name="contextLength">max_position_embeddings.</param>
    /// <param name="changes">Changes the configuration before it is written.</param>
    /// <param name="vocabularySize">Rows of the embedding table.</param>
    /// <param name="layers">Its layers.</param>
    public static string WriteLlama(
        string folder, ulong seed = 1, int contextLength = 8192, Action<JsonObject>? changes = null, int vocabularySize = 160, int layers = 2)
    {
        Directory.CreateDirectory(folder);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = "llama",
            ["vocab_size"] = vocabularySize,
            ["hidden_size"] = 64,
            ["intermediate_size"] = 96,
            ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["max_position_embeddings"] = contextLength,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["hidden_act"] = "silu",
            ["tie_word_embeddings"] = true,
            ["torch_dtype"] = "float32",
        };
        changes?.Invoke(config);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        List<(string Name, int[] Shape)> tensors = [("model.embed_tokens.weight", [vocabularySize, 64]), ("model.norm.weight", [64])];
        for (var layer = 0; layer < layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            tensors.Add((prefix + "input_layernorm.weight", [64]));
            tensors.Add((prefix + "post_attention_layernorm.weight", [64]));
            tensors.Add((prefix + "self_attn.q_proj.weight", [64, 64]));
            tensors.Add((prefix + "self_attn.k_proj.weight", [32, 64]));
            tensors.Add((prefix + "self_attn.v_proj.weight", [32, 64]));
            tensors.Add((prefix + "self_attn.o_proj.weight", [64, 64]));
            tensors.Add((prefix + "mlp.gate_proj.weight", [96, 64]));
            tensors.Add((prefix + "mlp.up_proj.weight", [96, 64]));
            tensors.Add((prefix + "mlp.down_proj.weight", [64, 96]));
        }
        if (config["tie_word_embeddings"]?.GetValue<bool>() == false)
            tensors.Add(("lm_head.weight", [vocabularySize, 64]));
        WriteSafetensors(Path.Combine(folder, "model.safetensors"), tensors, seed);
        return folder;
    }

    /// <summary>Writes fp32 tensors of seeded normal numbers; norms lie around 1.</summary>
    public static void WriteSafetensors(string path, IReadOnlyList<(string Name, int[] Shape)> tensors, ulong seed)
    {
        var random = new SeededRandom(seed);
        var header = new JsonObject();
        var data = new MemoryStream();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var (name, shape) in tensors)
        {
            var begin = data.Length;
            var isNorm = name.Contains("norm", StringComparison.Ordinal);
            var spread = isNorm ? 0.1 : 1 / Math.Sqrt(shape[^1]);
            for (var i = 0; i < shape.Aggregate(1, (product, size) => product * size); i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)((random.NextGaussian() * spread) + (isNorm ? 1 : 0)));
                data.Write(bytes);
            }
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(begin, data.Length),
            };
        }
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        file.Write(length);
        file.Write(text);
        data.Position = 0;
        data.CopyTo(file);
    }
}
