using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Core;
using Octavo.Core.Safetensors;
using Octavo.Core.Store;
using Octavo.Core.Tensors;
using Octavo.Core.Tokenizers;
using Octavo.Models;
using Octavo.Training.Configuration;

namespace Octavo.Training.Recipes;

/// <summary>
/// Writes a model that has learned nothing: matrices are drawn from a normal distribution of <c>initializer_range</c>, norms are 1, biases 0, as
/// the reference begins a Llama.
/// </summary>
internal static class NewModel
{
    private const double UsualRange = 0.02;

    /// <summary>Writes the folder; one that is there is left as it is.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="config">A named shape, or a config.json.</param>
    /// <param name="tokenizer">A folder in the hub's layout with a tokenizer.</param>
    /// <param name="seed">Where the drawing begins.</param>
    /// <param name="rangeOf">The standard deviation of a matrix by its name; null draws all of them from <c>initializer_range</c>.</param>
    /// <exception cref="ConfigException">The tokenizer has more tokens than the model.</exception>
    public static void Write(string folder, NewModelConfig config, string tokenizer, ulong seed, Func<string, double>? rangeOf = null)
    {
        if (Directory.Exists(folder))
            return;
        if (!Directory.Exists(tokenizer))
            throw new UnsupportedException($"tokenizer_name_or_path: {tokenizer} is no folder. Give one with tokenizer.json; octavo tokenizer train makes one, octavo convert makes one of a GGUF file.");
        var words = TokenizerReader.FromFolder(tokenizer);
        var json = config.Shape is { } shape ? Json(shape, words) : JsonNode.Parse(File.ReadAllText(config.ConfigName))!.AsObject();
        var vocabulary = (int?)json["vocab_size"] ?? 0;
        if (words.VocabularySize > vocabulary)
            throw new ConfigException($"the tokenizer has {words.VocabularySize} tokens and the model {vocabulary}. Train a smaller one (octavo tokenizer train --vocab-size {vocabulary}), or take a larger model.");
        using var made = new IncompleteFolder(folder);
        made.Write(aside =>
        {
            File.WriteAllText(Path.Combine(aside, "config.json"), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
            foreach (var file in Directory.EnumerateFiles(tokenizer).Where(IsText))
                File.Copy(file, Path.Combine(aside, Path.GetFileName(file)));
        });
        SafetensorsWriter.WriteFolder(made.Aside, Tensors(made.Aside, seed, rangeOf ?? (_ => (double?)json["initializer_range"] ?? UsualRange)));
        made.Keep(overwrite: false);
    }

    private static bool IsText(string path) => Path.GetFileName(path) is "tokenizer.json" or "tokenizer_config.json" or "special_tokens_map.json"
        or "chat_template.jinja" or "vocab.json" or "merges.txt" or "tokenizer.model";

    private static List<OutgoingTensor> Tensors(string folder, ulong seed, Func<string, double> rangeOf)
    {
        var model = Architectures.Describe(Path.Combine(folder, "config.json"));
        var random = new SeededRandom(seed);
        return [.. ModelListing.Keys(model).Select(key =>
        {
            var numbers = new float[key.Shape.Aggregate(1, (product, size) => product * size)];
            if (key.Shape.Count > 1)
            {
                var range = rangeOf(key.Name);
                for (var i = 0; i < numbers.Length; i++)
                    numbers[i] = (float)(random.NextGaussian() * range);
            }
            else if (!key.Name.EndsWith(".bias", StringComparison.Ordinal))
            {
                Array.Fill(numbers, 1f);
            }
            return new OutgoingTensor(key.Name, TensorType.F32, [.. key.Shape.Select(size => (long)size)], stream => stream.Write(MemoryMarshal.AsBytes(numbers.AsSpan())));
        })];
    }

    private static JsonObject Json(NewModelShape shape, Tokenizer words) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"), ["model_type"] = "llama", ["vocab_size"] = shape.VocabularySize, ["hidden_size"] = shape.HiddenSize,
        ["intermediate_size"] = shape.IntermediateSize, ["num_hidden_layers"] = shape.Layers, ["num_attention_heads"] = shape.Heads,
        ["num_key_value_heads"] = shape.KeyValueHeads, ["head_dim"] = shape.HeadSize, ["max_position_embeddings"] = 2048, ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0, ["hidden_act"] = "silu", ["attention_bias"] = false, ["mlp_bias"] = false, ["tie_word_embeddings"] = true,
        ["initializer_range"] = UsualRange, ["bos_token_id"] = words.BosId, ["eos_token_id"] = words.EosId, ["torch_dtype"] = "float32",
    };
}
