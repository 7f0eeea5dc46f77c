// Mistral 7B and its kin. Unusual: every layer may have a sliding window, which counts the current token; heads times their width
// may differ from C; no biases. Its GGUF files say that they are llama, without the window, and are read as such.
// Paper: Mistral 7B (arXiv 2310.06825). Reference: transformers, models/mistral.
// Notation: V vocabulary, C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal sealed record MistralConfig
{
    public int VocabSize { get; init; }                     // V
    public int HiddenSize { get; init; }                    // C
    public int IntermediateSize { get; init; }              // F
    public int NumHiddenLayers { get; init; }
    public int NumAttentionHeads { get; init; }             // H
    public int NumKeyValueHeads { get; init; }              // Hkv
    public int HeadDim { get; init; }                       // Dh, C / H where absent
    public int MaxPositionEmbeddings { get; init; }
    public int? SlidingWindow { get; init; } = 4096;        // this and the next from the reference's MistralConfig; null switches it off
    public double RmsNormEps { get; init; } = 1e-6;
    public double RopeTheta { get; init; } = 10000;
    public RotaryScaling? Scaling { get; init; }
    public bool TieWordEmbeddings { get; init; }

    public static MistralConfig FromHub(HubConfig json)
    {
        var d = new MistralConfig();
        var (width, heads) = (json.Size("hidden_size"), json.Size("num_attention_heads", ConfigReader.MaxHeads));
        var headDim = json.Size("head_dim", ConfigReader.MaxHeads, heads == 0 ? 0 : width / heads);
        var length = json.Size("max_position_embeddings", ConfigReader.MaxContext);
        var (theta, scaling) = RotaryReading.FromHub(json, d.RopeTheta, headDim, length);
        json.RequireHeadDim(width, heads);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseForeign();
        var config = new MistralConfig
        {
            HiddenSize = width, NumAttentionHeads = heads, HeadDim = headDim, MaxPositionEmbeddings = length,
            VocabSize = json.Size("vocab_size", ConfigReader.MaxVocabulary), IntermediateSize = json.Size("intermediate_size", 1 << 24),
            NumHiddenLayers = json.Size("num_hidden_layers", ConfigReader.MaxLayers),
            NumKeyValueHeads = json.Size("num_key_value_heads", ConfigReader.MaxHeads),
            SlidingWindow = json.SizeOrNull("sliding_window", ConfigReader.MaxContext, d.SlidingWindow),
            RmsNormEps = json.Number("rms_norm_eps", d.RmsNormEps, 1e-12, 1), RopeTheta = theta, Scaling = scaling,
            TieWordEmbeddings = json.Flag("tie_word_embeddings", d.TieWordEmbeddings),
        };
        json.CheckLayerTypes(config.NumHiddenLayers, sliding: _ => config.SlidingWindow is not null);
        return config;
    }
}

internal static class Mistral
{
    public static readonly Family Family = new(
        "mistral", ["MistralForCausalLM"], GgufArchitecture: null,
        (_, json) => Describe(MistralConfig.FromHub(json), json),
        FromGguf: null,
        [".rotary_emb.inv_freq"], WrittenAs: "llama");

    private static TextModel Describe(MistralConfig c, HubConfig json)
    {
        json.RequireMultiple("num_attention_heads", c.NumAttentionHeads, "num_key_value_heads", c.NumKeyValueHeads);
        json.Require(c.HeadDim % 2 == 0, $"the width of a head is {c.HeadDim}; an even number is expected, for rotary pairs.");
        json.Finish();
        var table = new View("model.embed_tokens.weight", [c.VocabSize, c.HiddenSize], "token_embd.weight");
        var output = c.TieWordEmbeddings ? table : new View("lm_head.weight", [c.VocabSize, c.HiddenSize], "output.weight");
        var norm = new Norm(new("model.norm.weight", [c.HiddenSize], "output_norm.weight"), (float)c.RmsNormEps);
        var layers = DecoderSizes.Layers(c.NumHiddenLayers, i => Block(c, i));
        var length = RotaryReading.ContextLength(c.MaxPositionEmbeddings, c.Scaling);
        var stack = new Stack("model", new Embed(table), layers, norm, [new Head("lm_head", new Linear(output))]);
        return new TextModel("MistralForCausalLM", c.VocabSize, c.HiddenSize, length, [stack]);
    }

    private static Layer Block(MistralConfig c, int i)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.NumAttentionHeads * c.HeadDim, c.NumKeyValueHeads * c.HeadDim);
        View At(string name, string gguf, int[] shape, RowOrder rows = RowOrder.Same) =>
            new($"model.layers.{i}.{name}.weight", shape, $"blk.{i}.{gguf}.weight", rows);
        Norm Rms(string name, string gguf) => new(At(name, gguf, [C]), (float)c.RmsNormEps);

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: new(At("self_attn.q_proj", "attn_q", [q, C], RowOrder.RotaryPairs)),
                K: new(At("self_attn.k_proj", "attn_k", [kv, C], RowOrder.RotaryPairs)),
                V: new(At("self_attn.v_proj", "attn_v", [kv, C])),
                O: new(At("self_attn.o_proj", "attn_output", [C, q])),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(c.SlidingWindow),
                (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Mlp(
                Gate: new(At("mlp.gate_proj", "ffn_gate", [F, C])),
                Up: new(At("mlp.up_proj", "ffn_up", [F, C])),
                Down: new(At("mlp.down_proj", "ffn_down", [C, F])), Activation.Silu)),
        ]);
    }
}
