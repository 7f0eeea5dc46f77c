// Mixtral. Mistral with a mixture of experts for the feed-forward part: the two best of eight per token, their weights divided by their
// sum; w1, w3 and w2 are gate, up and down. GGUF files call it llama, with the experts of a layer stacked into one tensor.
// Paper: Mixtral of Experts (arXiv 2401.04088). Reference: transformers, models/mixtral.
// Notation: C width, E experts, H heads, Hkv key and value heads, Dh width of a head, F width of an expert.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Mixtral
{
    public static readonly Family Family = new(
        "mixtral", ["MixtralForCausalLM"], "llama", (_, json) => FromHub(json), FromGguf, [".rotary_emb.inv_freq"],
        Claims: file => file.OptionalSize("expert_count", int.MaxValue, min: 0) > 0);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json, eps: 1e-5, theta: 1_000_000);
        var (experts, active) = (json.Size("num_local_experts", 1024, 8), json.Size("num_experts_per_tok", 1024, 2));
        var window = json.SizeOrNull("sliding_window", ConfigReader.MaxContext, null);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.Number("router_jitter_noise", 0, 0, 1);
        json.Flag("output_router_logits", false);
        json.OptionalNumber("router_aux_loss_coef", 0, 1e6);
        json.Require(active <= experts, $"num_experts_per_tok is {active}; at most num_local_experts ({experts}) is expected.");
        json.RefuseForeign("num_local_experts", "router_aux_loss_coef");
        json.Finish();
        return c.Describe("MixtralForCausalLM", i => Block(c, i, experts, active, window));
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = DecoderSizes.FromGguf(file);
        var (experts, active) = (file.Size("expert_count", 1024), file.Size("expert_used_count", 1024));
        file.Require(active <= experts, $"expert_used_count is {active}; at most expert_count ({experts}) is expected.");
        file.RefuseUnless(0L, "attention.sliding_window");
        file.RefuseForeign("expert_count", "expert_used_count");
        file.Finish();
        return c.Describe("MixtralForCausalLM", i => Block(c, i, experts, active, null));
    }

    private static Layer Block(DecoderSizes c, int i, int experts, int active, int? window)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape, RowOrder rows = RowOrder.Same) =>
            new($"model.layers.{i}.{name}.weight", shape, $"blk.{i}.{gguf}.weight", rows);
        Norm Rms(string name, string gguf) => new(At(name, gguf, [C]), (float)c.RmsNormEps);
        Linear Expert(int e, string name, string gguf, int rows, int columns) => c.IsGguf
            ? new(At(gguf, gguf, [experts, rows, columns]), Rows: new(e * rows, rows))
            : new(At($"block_sparse_moe.experts.{e}.{name}", gguf, [rows, columns]));

        return new Layer([
            new Residual(Rms("input_layernorm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: new(At("self_attn.q_proj", "attn_q", [q, C], RowOrder.RotaryPairs)),
                K: new(At("self_attn.k_proj", "attn_k", [kv, C], RowOrder.RotaryPairs)),
                V: new(At("self_attn.v_proj", "attn_v", [kv, C])),
                O: new(At("self_attn.o_proj", "attn_output", [C, q])),
                new Rotary(c.HeadDim, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(window), (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm", "ffn_norm"), new Experts(
                Router: new(At("block_sparse_moe.gate", "ffn_gate_inp", [experts, C])),
                Each: [.. Enumerable.Range(0, experts).Select(e => new Mlp(
                    Gate: Expert(e, "w1", "ffn_gate_exps", F, C),
                    Up: Expert(e, "w3", "ffn_up_exps", F, C),
                    Down: Expert(e, "w2", "ffn_down_exps", C, F), Activation.Silu))], active)),
        ]);
    }
}
