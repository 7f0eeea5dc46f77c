// GLM-4 in three layouts: transformers' glm (GLM-4-9B) and glm4 (GLM-4-0414, with norms of each part's output too), and the older ChatGLM
// files with q, k and v in one matrix. Unusual: the first half of every head rotates, in neighbouring pairs, with frequencies over that
// half; biases on q, k and v; gate and up in one matrix, gate first, in GGUF files too. GGUF calls the first and the last chatglm.
// Paper: ChatGLM (arXiv 2406.12793). References: transformers, models/glm and models/glm4; the checkpoints' own modeling_chatglm.py.
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Glm
{
    public static readonly Family Family = new(
        "glm", ["GlmForCausalLM"], "chatglm", (name, json) => FromHub(name, json, sandwich: false),
        file => FromGguf("GlmForCausalLM", file, sandwich: false), [".rotary_emb.inv_freq"]);

    public static readonly Family Family4 = new(
        "glm4", ["Glm4ForCausalLM"], "glm4", (name, json) => FromHub(name, json, sandwich: true),
        file => FromGguf("Glm4ForCausalLM", file, sandwich: true), [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(string architecture, HubConfig json, bool sandwich)
    {
        var c = DecoderSizes.FromHub(json, eps: sandwich ? 1e-5 : 1.5625e-07, rotated: 0.5, partlyRotated: true);
        var bias = json.Flag("attention_bias", sandwich);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseForeign("partial_rotary_factor");
        json.Finish();
        return c.Describe(architecture, i => Block(c, i, bias, sandwich));
    }

    private static TextModel FromGguf(string architecture, GgufConfig file, bool sandwich)
    {
        var c = DecoderSizes.FromGguf(file, partlyRotated: true);
        var bias = file.HasTensor("blk.0.attn_q.bias");
        file.RefuseForeign();
        file.Finish();
        return c.Describe(architecture, i => Block(c, i, bias, sandwich));
    }

    private static Layer Block(DecoderSizes c, int i, bool bias, bool sandwich)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}", shape, $"blk.{i}.{gguf}");
        Norm Rms(string name, string gguf) => new(At(name + ".weight", gguf + ".weight", [C]), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows) => new(
            At(name + ".weight", gguf + ".weight", [rows, C]), bias ? At(name + ".bias", gguf + ".bias", [rows]) : null);
        var gateUp = At("mlp.gate_up_proj.weight", "ffn_up.weight", [2 * F, C]);

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q),
                K: Proj("self_attn.k_proj", "attn_k", kv),
                V: Proj("self_attn.v_proj", "attn_v", kv),
                O: new(At("self_attn.o_proj.weight", "attn_output.weight", [C, q])),
                new Rotary(c.RotaryDims, Pairing.Neighbours, c.RopeTheta, c.Scaling), new Visible(), (float)(1 / Math.Sqrt(c.HeadDim))),
                Out: sandwich ? Rms("post_self_attn_layernorm", "post_attention_norm") : null),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Mlp(
                Gate: new(gateUp, Rows: new(0, F)),
                Up: new(gateUp, Rows: new(F, F)),
                Down: new(At("mlp.down_proj.weight", "ffn_down.weight", [C, F])), Activation.Silu),
                Out: sandwich ? Rms("post_mlp_layernorm", "post_ffw_norm") : null),
        ]);
    }
}
