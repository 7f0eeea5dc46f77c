// Qwen2 and Qwen2.5. Unusual: biases on q, k and v but not on o; a sliding window that most checkpoints name and switch off, and
// that holds for the layers from max_window_layers on where it is on. GGUF files keep the rows of q and k as they were.
// Papers: Qwen2 Technical Report (arXiv 2407.10671), Qwen2.5 Technical Report (2412.15115). Reference: transformers, models/qwen2.
// Notation: V vocabulary, C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal sealed record Qwen2Config
{
    public int VocabSize { get; init; }                     // V
    public int HiddenSize { get; init; }                    // C
    public int IntermediateSize { get; init; }              // F
    public int NumHiddenLayers { get; init; }
    public int NumAttentionHeads { get; init; }             // H
    public int NumKeyValueHeads { get; init; }              // Hkv
    public int HeadDim { get; init; }                       // Dh, C / H where absent
    public int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;         // this and the next from the reference's Qwen2Config
    public double RopeTheta { get; init; } = 10000;
    public bool UseSlidingWindow { get; init; }
    public int? SlidingWindow { get; init; } = 4096;
    public int MaxWindowLayers { get; init; } = 28;
    public RotaryScaling? Scaling { get; init; }
    public bool TieWordEmbeddings { get; init; }

    /// <summary>What layer <paramref name="i"/> sees, the current token counted; null means everything before.</summary>
    public int? Window(int i) => UseSlidingWindow && i >= MaxWindowLayers ? SlidingWindow : null;

    public static Qwen2Config FromHub(HubConfig json)
    {
        var d = new Qwen2Config();
        var (width, heads) = (json.Size("hidden_size"), json.Size("num_attention_heads", ConfigReader.MaxHeads));
        var headDim = json.Size("head_dim", ConfigReader.MaxHeads, heads == 0 ? 0 : width / heads);
        var length = json.Size("max_position_embeddings", ConfigReader.MaxContext);
        var (theta, scaling) = RotaryReading.FromHub(json, d.RopeTheta, headDim, length);
        json.RequireHeadDim(width, heads);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseForeign();
        var config = new Qwen2Config
        {
            HiddenSize = width, NumAttentionHeads = heads, HeadDim = headDim, MaxPositionEmbeddings = length,
            VocabSize = json.Size("vocab_size", ConfigReader.MaxVocabulary), IntermediateSize = json.Size("intermediate_size", 1 << 24),
            NumHiddenLayers = json.Size("num_hidden_layers", ConfigReader.MaxLayers),
            NumKeyValueHeads = json.Size("num_key_value_heads", ConfigReader.MaxHeads),
            RmsNormEps = json.Number("rms_norm_eps", d.RmsNormEps, 1e-12, 1), RopeTheta = theta, Scaling = scaling,
            UseSlidingWindow = json.Flag("use_sliding_window", d.UseSlidingWindow),
            SlidingWindow = json.SizeOrNull("sliding_window", ConfigReader.MaxContext, d.SlidingWindow),
            MaxWindowLayers = json.Size("max_window_layers", int.MaxValue, d.MaxWindowLayers, min: 0),
            TieWordEmbeddings = json.Flag("tie_word_embeddings", d.TieWordEmbeddings),
        };
        json.CheckLayerTypes(config.NumHiddenLayers, sliding: i => config.Window(i) is not null);
        return config;
    }

    public static Qwen2Config FromGguf(GgufConfig file)
    {
        var (width, heads) = (file.Size("embedding_length"), file.Size("attention.head_count", ConfigReader.MaxHeads));
        var length = file.Size("context_length", ConfigReader.MaxContext);
        var (theta, scaling) = RotaryReading.FromGguf(file, length);
        file.RefuseUnless(0L, "attention.sliding_window");
        file.RefuseForeign();
        return new Qwen2Config
        {
            HiddenSize = width, NumAttentionHeads = heads, HeadDim = file.HeadDim(width, heads), MaxPositionEmbeddings = length,
            VocabSize = file.VocabularySize(), IntermediateSize = file.Size("feed_forward_length", 1 << 24),
            NumHiddenLayers = file.Size("block_count", ConfigReader.MaxLayers),
            NumKeyValueHeads = file.Size("attention.head_count_kv", ConfigReader.MaxHeads, heads),
            RmsNormEps = file.Number("attention.layer_norm_rms_epsilon", null, 1e-12, 1), RopeTheta = theta, Scaling = scaling,
            TieWordEmbeddings = !file.HasTensor("output.weight"),
        };
    }
}

internal static class Qwen2
{
    public static readonly Family Family = new(
        "qwen2", ["Qwen2ForCausalLM"], "qwen2",
        (_, json) => Describe(Qwen2Config.FromHub(json), json, "num_attention_heads", "num_key_value_heads"),
        file => Describe(Qwen2Config.FromGguf(file), file, "attention.head_count", "attention.head_count_kv"),
        [".rotary_emb.inv_freq"]);

    private static TextModel Describe(Qwen2Config c, ConfigReader from, string heads, string kvHeads)
    {
        from.RequireMultiple(heads, c.NumAttentionHeads, kvHeads, c.NumKeyValueHeads);
        from.Require(c.HeadDim % 2 == 0, $"the width of a head is {c.HeadDim}; an even number is expected, for rotary pairs.");
        from.Finish();
        var table = new View("model.embed_tokens.weight", [c.VocabSize, c.HiddenSize], "token_embd.weight");
        var output = c.TieWordEmbeddings ? table : new View("lm_head.weight", [c.VocabSize, c.HiddenSize], "output.weight");
        var norm = new Norm(new("model.norm.weight", [c.HiddenSize], "output_norm.weight"), (float)c.RmsNormEps);
        var layers = DecoderSizes.Layers(c.NumHiddenLayers, i => Block(c, i));
        var length = RotaryReading.ContextLength(c.MaxPositionEmbeddings, c.Scaling);
        var stack = new Stack("model", new Embed(table), layers, norm, [new Head("lm_head", new Linear(output))]);
        return new TextModel("Qwen2ForCausalLM", c.VocabSize, c.HiddenSize, length, [stack]);
    }

    private static Layer Block(Qwen2Config c, int i)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.NumAttentionHeads * c.HeadDim, c.NumKeyValueHeads * c.HeadDim);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}", shape, $"blk.{i}.{gguf}");
        Norm Rms(string name, string gguf) => new(At(name + ".weight", gguf + ".weight", [C]), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows, int columns, bool bias) => new(
            At(name + ".weight", gguf + ".weight", [rows, columns]),
            bias ? At(name + ".bias", gguf + ".bias", [rows]) : null);

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q, C, bias: true),
                K: Proj("self_attn.k_proj", "attn_k", kv, C, bias: true),
                V: Proj("self_attn.v_proj", "attn_v", kv, C, bias: true),
                O: Proj("self_attn.o_proj", "attn_output", C, q, bias: false),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(c.Window(i)),
                (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Mlp(
                Gate: Proj("mlp.gate_proj", "ffn_gate", F, C, bias: false),
                Up: Proj("mlp.up_proj", "ffn_up", F, C, bias: false),
                Down: Proj("mlp.down_proj", "ffn_down", C, F, bias: false), Activation.Silu)),
        ]);
    }
}
