// OLMo 2. Unusual: no norm before a part but one of its output, before the sum; q and k are normed over all heads together, before the
// split into heads. GGUF files keep the rows of q and k as they were.
// Paper: 2 OLMo 2 Furious (arXiv 2501.00656). Reference: transformers, models/olmo2.
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Olmo2
{
    public static readonly Family Family = new(
        "olmo2", ["Olmo2ForCausalLM"], "olmo2", (_, json) => FromHub(json), FromGguf, [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json, eps: 1e-5);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseUnless(false, "attention_bias");
        json.RefuseUnless(null, "sliding_window");
        json.RefuseForeign();
        json.Finish();
        return c.Describe("Olmo2ForCausalLM", i => Block(c, i));
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = DecoderSizes.FromGguf(file);
        file.RefuseUnless(0L, "attention.sliding_window");
        file.RefuseForeign();
        file.Finish();
        return c.Describe("Olmo2ForCausalLM", i => Block(c, i));
    }

    private static Layer Block(DecoderSizes c, int i)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}.weight", shape, $"blk.{i}.{gguf}.weight");
        Norm Rms(string name, string gguf, int width) => new(At(name, gguf, [width]), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows, int columns) => new(At(name, gguf, [rows, columns]));

        return new Layer([
            new Residual(null, new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q, C),
                K: Proj("self_attn.k_proj", "attn_k", kv, C),
                V: Proj("self_attn.v_proj", "attn_v", kv, C),
                O: Proj("self_attn.o_proj", "attn_output", C, q),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(), (float)(1 / Math.Sqrt(c.HeadDim)),
                new QkNorm(Rms("self_attn.q_norm", "attn_q_norm", q), Rms("self_attn.k_norm", "attn_k_norm", kv))),
                Out: Rms("post_attention_layernorm", "post_attention_norm", C)),
            new Residual(null, new Mlp(
                Gate: Proj("mlp.gate_proj", "ffn_gate", F, C),
                Up: Proj("mlp.up_proj", "ffn_up", F, C),
                Down: Proj("mlp.down_proj", "ffn_down", C, F), Activation.Silu),
                Out: Rms("post_feedforward_layernorm", "post_ffw_norm", C)),
        ]);
    }
}
