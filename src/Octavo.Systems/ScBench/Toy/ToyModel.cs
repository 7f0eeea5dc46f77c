using System.Text.Json;
using System.Text.Json.Nodes;
using Octavo.Models;
using Octavo.Nn.Decoder;
using Octavo.Training.Configuration;
using Octavo.Training.Recipes;

namespace Octavo.Systems.ScBench.Toy;

/// <summary>The toy as files: what it begins as, and what is kept of it. A folder in the hub's layout like any other.</summary>
internal static class ToyModel
{
    /// <summary>The id of the one that comes with Octavo.</summary>
    public const string Id = "scbench-toy";

    private const string Embedding = "model.embed_tokens.weight";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>A model that has learned nothing, in a folder that goes with it.</summary>
    public static Beginning Begin(ToyConfig config) => new(config);

    /// <summary>Writes what was learned, with its card.</summary>
    public static void Write(ToyConfig config, ToyOutcome outcome, Checkpoint begin, TrainableDecoder decoder)
    {
        using (var lent = begin.With(decoder.Lend()))
            ModelConversion.Plan(lent, ModelFormat.Hub, null).Write(config.OutputDir, new WriteOptions { Overwrite = true });
        File.WriteAllText(Path.Combine(config.OutputDir, "README.md"), ToyCard.Text(config, outcome, ModelListing.ParameterCount(begin.Model)));
        File.WriteAllText(Path.Combine(config.OutputDir, "domain.json"), ToyCard.Domain().ToJsonString(_indented) + "\n");
    }

    private static JsonObject Config(ToyConfig config) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"), ["model_type"] = "llama", ["vocab_size"] = ToyVocabulary.Size, ["hidden_size"] = 64,
        ["intermediate_size"] = 128, ["num_hidden_layers"] = 2, ["num_attention_heads"] = 4, ["num_key_value_heads"] = 4, ["head_dim"] = 16,
        ["max_position_embeddings"] = ToyTask.ContextLength, ["rms_norm_eps"] = 1e-5, ["rope_theta"] = 10000.0, ["hidden_act"] = "silu",
        ["attention_bias"] = false, ["mlp_bias"] = false, ["tie_word_embeddings"] = false, ["initializer_range"] = config.InitializerRange,
        ["bos_token_id"] = ToyVocabulary.Begin, ["eos_token_id"] = null, ["torch_dtype"] = "float32",
    };

    /// <summary>A new model and its folder, which goes when this is disposed.</summary>
    internal sealed class Beginning : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("octavo-").FullName;

        public Beginning(ToyConfig config)
        {
            try
            {
                var shape = Directory.CreateDirectory(Path.Combine(_folder, "shape")).FullName;
                Save(shape, "config.json", Config(config));
                Save(shape, "tokenizer.json", ToyVocabulary.Tokenizer());
                Save(shape, "tokenizer_config.json", ToyVocabulary.TokenizerConfig());
                var model = Path.Combine(_folder, "model");
                NewModel.Write(model, new NewModelConfig { ConfigName = Path.Combine(shape, "config.json") }, shape, (ulong)config.Seed, name => name == Embedding ? config.EmbeddingRange : config.InitializerRange);
                Checkpoint = Checkpoint.Open(model);
            }
            catch
            {
                Directory.Delete(_folder, recursive: true);
                throw;
            }
        }

        public Checkpoint Checkpoint { get; }

        public void Dispose()
        {
            Checkpoint.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private static void Save(string folder, string name, JsonObject json) =>
            File.WriteAllText(Path.Combine(folder, name), json.ToJsonString(_indented) + "\n");
    }
}
