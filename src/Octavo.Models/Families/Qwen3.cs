// Qwen3 (dense). Unusual: RMSNorm of q and k, head by head, before the rotation; the width of a head has a key of its own, so that heads
// times width differs from C; biases only where attention_bias asks for them. GGUF files keep the rows of q and k as they were.
// Paper: Qwen3 Technical Report (arXiv 2505.09388). Reference: transformers, models/qwen3.
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Qwen3
{
    public static readonly Family Family = new(
        "qwen3", ["Qwen3ForCausalLM"], "qwen3", (_, json) => FromHub(json), FromGguf, [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json);
        var (bias, layers) = (json.Flag("attention_bias", false), c.NumHiddenLayers);
        var window = json.SizeOrNull("sliding_window", ConfigReader.MaxContext, 4096);
        var from = json.Size("max_window_layers", int.MaxValue, 28, min: 0);
        var slides = json.Flag("use_sliding_window", false);
        int? Window(int i) => slides && i >= from ? window : null;
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.CheckLayerTypes(layers, sliding: i => Window(i) is not null);
        json.RefuseForeign();
        json.Finish();
        return c.Describe("Qwen3ForCausalLM", i => Block(c, i, bias, Window(i)));
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = DecoderSizes.FromGguf(file);
        var bias = file.HasTensor("blk.0.attn_q.bias");
        file.RefuseUnless(0L, "attention.sliding_window");
        file.RefuseForeign();
        file.Finish();
        return c.Describe("Qwen3ForCausalLM", i => Block(c, i, bias, null));
    }

    private static Layer Block(DecoderSizes c, int i, bool bias, int? window)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}", shape, $"blk.{i}.{gguf}");
        Norm Rms(string name, string gguf, int width) => new(At(name + ".weight", gguf + ".weight", [width]), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows, int columns, bool biased) => new(
            At(name + ".weight", gguf + ".weight", [rows, columns]),
            biased ? At(name + ".bias", gguf + ".bias", [rows]) : null);

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm", C), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q, C, bias),
                K: Proj("self_attn.k_proj", "attn_k", kv, C, bias),
                V: Proj("self_attn.v_proj", "attn_v", kv, C, bias),
                O: Proj("self_attn.o_proj", "attn_output", C, q, bias),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(window), (float)(1 / Math.Sqrt(c.HeadDim)),
                new QkNorm(Rms("self_attn.q_norm", "attn_q_norm", c.HeadDim), Rms("self_attn.k_norm", "attn_k_norm", c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm", C), new Mlp(
                Gate: Proj("mlp.gate_proj", "ffn_gate", F, C, false),
                Up: Proj("mlp.up_proj", "ffn_up", F, C, false),
                Down: Proj("mlp.down_proj", "ffn_down", C, F, false), Activation.Silu)),
        ]);
    }
}
