// Gemma 2. Unusual: norms multiply by 1 + w (GGUF files hold 1 + w already), four of them a layer: before each part and of its output;
// embeddings times √C; tanh caps on scores and on logits; even layers see a window, odd ones everything; scores are scaled by
// query_pre_attn_scalar in place of the head's width; GELU. GGUF files tell neither that scalar nor the rotary base: the head's width (in
// the 27B model the width divided by the heads) and 10,000 are meant. Paper: Gemma 2 (arXiv 2408.00118). Reference: transformers, models/gemma2.
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Gemma2
{
    private sealed record Extras(double Scalar, double ScoreCap, double LogitCap, int? SlidingWindow, float NormOffset);

    public static readonly Family Family = new(
        "gemma2", ["Gemma2ForCausalLM"], "gemma2", (_, json) => FromHub(json), FromGguf, [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json, tied: true);
        var extras = new Extras(
            json.Number("query_pre_attn_scalar", 256, 1e-3, 1e6),
            json.OptionalNumber("attn_logit_softcapping", 1e-3, 1e6) ?? 0, json.OptionalNumber("final_logit_softcapping", 1e-3, 1e6) ?? 0,
            json.SizeOrNull("sliding_window", ConfigReader.MaxContext, 4096), NormOffset: 1);
        // older files name the activation under the key that the reference no longer reads
        json.Choice(json.Has("hidden_activation") ? "hidden_activation" : "hidden_act", "gelu_pytorch_tanh", "gelu_pytorch_tanh");
        json.Text("hidden_act");
        json.RefuseUnless(false, "attention_bias");
        json.CheckLayerTypes(c.NumHiddenLayers, sliding: i => extras.SlidingWindow is not null && i % 2 == 0);
        json.RefuseForeign("attn_logit_softcapping", "final_logit_softcapping");
        json.Finish();
        return Describe(c, extras);
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = DecoderSizes.FromGguf(file);
        var extras = new Extras(
            // no key tells it; the one released model of 46 layers has another scalar
            c.NumHiddenLayers == 46 ? (double)c.HiddenSize / c.NumAttentionHeads : c.HeadDim, file.OptionalNumber("attn_logit_softcapping", 1e-3, 1e6) ?? 0,
            file.OptionalNumber("final_logit_softcapping", 1e-3, 1e6) ?? 0,
            file.OptionalSize("attention.sliding_window", ConfigReader.MaxContext), NormOffset: 0);
        file.RefuseForeign("attn_logit_softcapping", "final_logit_softcapping");
        file.Finish();
        return Describe(c, extras);
    }

    private static TextModel Describe(DecoderSizes c, Extras extras) => c.Describe(
        "Gemma2ForCausalLM", i => Block(c, extras, i), scale: MathF.Sqrt(c.HiddenSize), extras.NormOffset, (float)extras.LogitCap);

    private static Layer Block(DecoderSizes c, Extras extras, int i)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape) => new($"model.layers.{i}.{name}.weight", shape, $"blk.{i}.{gguf}.weight");
        Norm Rms(string name, string gguf) => new(At(name, gguf, [C]), (float)c.RmsNormEps, extras.NormOffset);
        Linear Proj(string name, string gguf, int rows, int columns) => new(At(name, gguf, [rows, columns]));

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: Proj("self_attn.q_proj", "attn_q", q, C),
                K: Proj("self_attn.k_proj", "attn_k", kv, C),
                V: Proj("self_attn.v_proj", "attn_v", kv, C),
                O: Proj("self_attn.o_proj", "attn_output", C, q),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(i % 2 == 0 ? extras.SlidingWindow : null),
                (float)(1 / Math.Sqrt(extras.Scalar)), Softcap: (float)extras.ScoreCap),
                Out: Rms("post_attention_layernorm", "post_attention_norm")),
            new Residual(Rms("pre_feedforward_layernorm", "ffn_norm"), new Mlp(
                Gate: Proj("mlp.gate_proj", "ffn_gate", F, C),
                Up: Proj("mlp.up_proj", "ffn_up", F, C),
                Down: Proj("mlp.down_proj", "ffn_down", C, F), Activation.GeluTanh),
                Out: Rms("post_feedforward_layernorm", "post_ffw_norm")),
        ]);
    }
}
