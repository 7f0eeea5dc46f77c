// Llama: the plain decoder that the others are told against. RMSNorm before each part, rotary halves, grouped-query attention,
// SwiGLU, no biases unless asked for. Unusual: GGUF files store the rows of q and k as neighbouring rotary pairs, and Llama 3's
// stretched frequencies there as a tensor of divisors. SmolLM2, Llama 2 and 3, and in GGUF also Mistral, are this family.
// Papers: LLaMA (arXiv 2302.13971), The Llama 3 Herd of Models (2407.21783), YaRN (2309.00071). Reference: transformers, models/llama.
// Notation: V vocabulary, C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal sealed record LlamaConfig
{
    public string Architecture { get; init; } = "LlamaForCausalLM";
    public int VocabSize { get; init; }                     // V
    public int HiddenSize { get; init; }                    // C
    public int IntermediateSize { get; init; }              // F
    public int NumHiddenLayers { get; init; }
    public int NumAttentionHeads { get; init; }             // H
    public int NumKeyValueHeads { get; init; }              // Hkv, H where absent
    public int HeadDim { get; init; }                       // Dh, C / H where absent
    public int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;         // this and the next from the reference's LlamaConfig
    public double RopeTheta { get; init; } = 10000;
    public RotaryScaling? Scaling { get; init; }
    public bool RopeFactors { get; init; }                  // GGUF's rope_freqs.weight
    public bool AttentionBias { get; init; }                // on q, k, v and o
    public bool MlpBias { get; init; }                      // on gate, up and down
    public bool TieWordEmbeddings { get; init; }
    public int? NumLabels { get; init; }                    // a score head in place of the language head; 2 where absent

    public static LlamaConfig FromHub(string architecture, HubConfig json)
    {
        var d = new LlamaConfig();
        var (width, heads) = (json.Size("hidden_size"), json.Size("num_attention_heads", ConfigReader.MaxHeads));
        var headDim = json.Size("head_dim", ConfigReader.MaxHeads, heads == 0 ? 0 : width / heads);
        var layers = json.Size("num_hidden_layers", ConfigReader.MaxLayers);
        var length = json.Size("max_position_embeddings", ConfigReader.MaxContext);
        var (theta, scaling) = RotaryReading.FromHub(json, d.RopeTheta, headDim, length);
        json.RequireHeadDim(width, heads);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseUnless(null, "sliding_window");
        json.CheckLayerTypes(layers, sliding: _ => false);
        json.RefuseForeign();
        return new LlamaConfig
        {
            Architecture = architecture, HiddenSize = width, NumAttentionHeads = heads, HeadDim = headDim, MaxPositionEmbeddings = length,
            VocabSize = json.Size("vocab_size", ConfigReader.MaxVocabulary), IntermediateSize = json.Size("intermediate_size", 1 << 24),
            NumHiddenLayers = layers, NumKeyValueHeads = json.Size("num_key_value_heads", ConfigReader.MaxHeads, heads),
            RmsNormEps = json.Number("rms_norm_eps", d.RmsNormEps, 1e-12, 1), RopeTheta = theta, Scaling = scaling,
            AttentionBias = json.Flag("attention_bias", d.AttentionBias), MlpBias = json.Flag("mlp_bias", d.MlpBias),
            TieWordEmbeddings = json.Flag("tie_word_embeddings", d.TieWordEmbeddings),
            NumLabels = architecture == "LlamaForSequenceClassification" ? json.Labels() : null,
        };
    }

    public static LlamaConfig FromGguf(GgufConfig file)
    {
        var (width, heads) = (file.Size("embedding_length"), file.Size("attention.head_count", ConfigReader.MaxHeads));
        var length = file.Size("context_length", ConfigReader.MaxContext);
        var (theta, scaling) = RotaryReading.FromGguf(file, length);
        file.RefuseUnless(0L, "attention.sliding_window");
        file.RefuseForeign();
        return new LlamaConfig
        {
            HiddenSize = width, NumAttentionHeads = heads, HeadDim = file.HeadDim(width, heads), MaxPositionEmbeddings = length,
            VocabSize = file.VocabularySize(), IntermediateSize = file.Size("feed_forward_length", 1 << 24),
            NumHiddenLayers = file.Size("block_count", ConfigReader.MaxLayers),
            NumKeyValueHeads = file.Size("attention.head_count_kv", ConfigReader.MaxHeads, heads),
            RmsNormEps = file.Number("attention.layer_norm_rms_epsilon", null, 1e-12, 1), RopeTheta = theta, Scaling = scaling,
            RopeFactors = file.HasTensor("rope_freqs.weight"), AttentionBias = file.HasTensor("blk.0.attn_q.bias"),
            MlpBias = file.HasTensor("blk.0.ffn_gate.bias"), TieWordEmbeddings = !file.HasTensor("output.weight"),
        };
    }
}

internal static class Llama
{
    public static readonly Family Family = new(
        "llama", ["LlamaForCausalLM", "LlamaForSequenceClassification"], "llama",
        (architecture, json) => Describe(LlamaConfig.FromHub(architecture, json), json, "num_attention_heads", "num_key_value_heads"),
        file => Describe(LlamaConfig.FromGguf(file), file, "attention.head_count", "attention.head_count_kv"),
        [".rotary_emb.inv_freq"]);

    private static TextModel Describe(LlamaConfig c, ConfigReader from, string heads, string kvHeads)
    {
        from.RequireMultiple(heads, c.NumAttentionHeads, kvHeads, c.NumKeyValueHeads);
        from.Require(c.HeadDim % 2 == 0, $"the width of a head is {c.HeadDim}; an even number is expected, for rotary pairs.");
        from.Finish();
        var table = new View("model.embed_tokens.weight", [c.VocabSize, c.HiddenSize], "token_embd.weight");
        var head = c.NumLabels is { } labels
            ? new Head("score", new(new("score.weight", [labels, c.HiddenSize], "cls.output.weight")))
            : new Head("lm_head", new(c.TieWordEmbeddings ? table : new("lm_head.weight", [c.VocabSize, c.HiddenSize], "output.weight")));
        var norm = new Norm(new("model.norm.weight", [c.HiddenSize], "output_norm.weight"), (float)c.RmsNormEps);
        var layers = DecoderSizes.Layers(c.NumHiddenLayers, i => Block(c, i));
        var length = RotaryReading.ContextLength(c.MaxPositionEmbeddings, c.Scaling);
        return new TextModel(c.Architecture, c.VocabSize, c.HiddenSize, length, [new Stack("model", new(table), layers, norm, [head])]);
    }

    private static Layer Block(LlamaConfig c, int i)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.NumAttentionHeads * c.HeadDim, c.NumKeyValueHeads * c.HeadDim);
        View At(string name, string gguf, int[] shape, RowOrder rows) => new($"model.layers.{i}.{name}", shape, $"blk.{i}.{gguf}", rows);
        Norm Rms(string name, string gguf) => new(At(name + ".weight", gguf + ".weight", [C], RowOrder.Same), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows, int columns, bool bias, RowOrder order = RowOrder.Same) => new(
            At(name + ".weight", gguf + ".weight", [rows, columns], order),
            bias ? At(name + ".bias", gguf + ".bias", [rows], order) : null);
        var factors = c.RopeFactors ? new View("rope_freqs.weight", [c.HeadDim / 2], "rope_freqs.weight") : null;
        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q, C, c.AttentionBias, RowOrder.RotaryPairs),
                K: Proj("self_attn.k_proj", "attn_k", kv, C, c.AttentionBias, RowOrder.RotaryPairs),
                V: Proj("self_attn.v_proj", "attn_v", kv, C, c.AttentionBias),
                O: Proj("self_attn.o_proj", "attn_output", C, q, c.AttentionBias),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling, factors), new Visible(), (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Mlp(
                Gate: Proj("mlp.gate_proj", "ffn_gate", F, C, c.MlpBias),
                Up: Proj("mlp.up_proj", "ffn_up", F, C, c.MlpBias),
                Down: Proj("mlp.down_proj", "ffn_down", C, F, c.MlpBias), Activation.Silu)),
        ]);
    }
}
