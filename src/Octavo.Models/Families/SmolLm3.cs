// SmolLM3. Unusual: every fourth layer does not rotate (NoPE): no_rope_layers holds 1 where a layer does; the head is tied unless the file
// says otherwise. Otherwise Llama. No released GGUF converter keeps which layers rotate, so GGUF files are not read.
// Reference: transformers, models/smollm3; RNoPE (arXiv 2501.18795).
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class SmolLm3
{
    public static readonly Family Family = new(
        "smollm3", ["SmolLM3ForCausalLM"], null, (_, json) => FromHub(json), FromGguf: null, [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json, theta: 2_000_000, tied: true);
        var (attentionBias, mlpBias) = (json.Flag("attention_bias", false), json.Flag("mlp_bias", false));
        var interval = json.Size("no_rope_layer_interval", ConfigReader.MaxLayers, 4);
        var rotates = json.Numbers("no_rope_layers");
        json.Require(
            rotates is null || rotates.Count == c.NumHiddenLayers,
            $"no_rope_layers has {rotates?.Count} entries; num_hidden_layers ({c.NumHiddenLayers}) are expected.");
        bool Rotates(int i) => rotates is null ? (i + 1) % interval != 0 : rotates[i] != 0;
        var window = json.Flag("use_sliding_window", false) ? json.SizeOrNull("sliding_window", ConfigReader.MaxContext, null) : null;
        json.SizeOrNull("sliding_window", ConfigReader.MaxContext, null);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.CheckLayerTypes(c.NumHiddenLayers, sliding: i => window is not null && !Rotates(i));
        json.RefuseForeign("no_rope_layers");
        json.Finish();
        return c.Describe(
            "SmolLM3ForCausalLM", i => Block(c, i, attentionBias, mlpBias, Rotates(i), window is not null && !Rotates(i) ? window : null));
    }

    private static Layer Block(DecoderSizes c, int i, bool attentionBias, bool mlpBias, bool rotates, int? window)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}", shape, $"blk.{i}.{gguf}");
        Norm Rms(string name, string gguf) => new(At(name + ".weight", gguf + ".weight", [C]), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows, int columns, bool bias) => new(
            At(name + ".weight", gguf + ".weight", [rows, columns]),
            bias ? At(name + ".bias", gguf + ".bias", [rows]) : null);

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q, C, attentionBias),
                K: Proj("self_attn.k_proj", "attn_k", kv, C, attentionBias),
                V: Proj("self_attn.v_proj", "attn_v", kv, C, attentionBias),
                O: Proj("self_attn.o_proj", "attn_output", C, q, attentionBias),
                rotates ? new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling) : null, new Visible(window),
                (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Mlp(
                Gate: Proj("mlp.gate_proj", "ffn_gate", F, C, mlpBias),
                Up: Proj("mlp.up_proj", "ffn_up", F, C, mlpBias),
                Down: Proj("mlp.down_proj", "ffn_down", C, F, mlpBias), Activation.Silu)),
        ]);
    }
}
