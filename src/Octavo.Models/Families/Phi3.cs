// Phi-3 and Phi-3.5 mini, Phi-4. Unusual: q, k and v lie in one matrix (all of q, then k, then v), gate and up in another (gate first), in
// GGUF files too; LongRoPE, whose divisors change with the sequence's length; some heads rotate in part.
// Papers: Phi-3 (arXiv 2404.14219), LongRoPE (2402.13753). Reference: transformers, models/phi3.
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Phi3
{
    public static readonly Family Family = new(
        "phi3", ["Phi3ForCausalLM"], "phi3", (_, json) => FromHub(json), FromGguf, [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json, eps: 1e-5, partlyRotated: true);
        var window = json.SizeOrNull("sliding_window", ConfigReader.MaxContext, null);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseUnless(false, "attention_bias", "mlp_bias");
        json.CheckLayerTypes(c.NumHiddenLayers, sliding: _ => window is not null);
        json.Number("embd_pdrop", 0, 0, 1);
        json.Number("resid_pdrop", 0, 0, 1);
        json.OptionalSize("original_max_position_embeddings", ConfigReader.MaxContext);
        json.RefuseForeign("original_max_position_embeddings", "partial_rotary_factor");
        json.Finish();
        return c.Describe("Phi3ForCausalLM", i => Block(c, i, window));
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = DecoderSizes.FromGguf(file, partlyRotated: true);
        var window = file.OptionalSize("attention.sliding_window", ConfigReader.MaxContext, min: 0);
        file.RefuseForeign();
        file.Finish();
        return c.Describe("Phi3ForCausalLM", i => Block(c, i, window == 0 ? null : window));
    }

    private static Layer Block(DecoderSizes c, int i, int? window)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}.weight", shape, $"blk.{i}.{gguf}.weight");
        Norm Rms(string name, string gguf) => new(At(name, gguf, [C]), (float)c.RmsNormEps);
        var qkv = At("self_attn.qkv_proj", "attn_qkv", [q + (2 * kv), C]);
        var gateUp = At("mlp.gate_up_proj", "ffn_up", [2 * F, C]);

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: new(qkv, Rows: new(0, q)),
                K: new(qkv, Rows: new(q, kv)),
                V: new(qkv, Rows: new(q + kv, kv)),
                O: new(At("self_attn.o_proj", "attn_output", [C, q])),
                new Rotary(c.RotaryDims, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(window), (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Mlp(
                Gate: new(gateUp, Rows: new(0, F)),
                Up: new(gateUp, Rows: new(F, F)),
                Down: new(At("mlp.down_proj", "ffn_down", [C, F])), Activation.Silu)),
        ]);
    }
}
