// InternLM2 and 2.5. Unusual: names of its own; q, k and v lie in one matrix, key head by key head: its query heads, then its key, then its
// value. GGUF files have them apart, q and k in rotary pairs, and drop the dynamic scaling.
// Paper: InternLM2 (arXiv 2403.17297). Reference: the checkpoints' own modeling_internlm2.py.
// Notation: C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class InternLm2
{
    public static readonly Family Family = new(
        "internlm2", ["InternLM2ForCausalLM"], "internlm2", (_, json) => FromHub(json), FromGguf, [".rotary_emb.inv_freq"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = DecoderSizes.FromHub(json);
        var bias = json.Flag("bias", true);
        json.Choice("hidden_act", "silu", "silu", "swish");
        json.RefuseForeign();
        json.Text("attn_implementation");
        json.Finish();
        return Describe(c, bias);
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = DecoderSizes.FromGguf(file);
        file.RefuseForeign();
        file.Finish();
        return Describe(c, bias: false);
    }

    private static TextModel Describe(DecoderSizes c, bool bias) => c.Describe(
        "InternLM2ForCausalLM", i => Block(c, i, bias), table: "model.tok_embeddings.weight", head: "output.weight");

    private static Layer Block(DecoderSizes c, int i, bool bias)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, string gguf, int[] shape, RowOrder rows = RowOrder.Same) => new($"model.layers.{i}.{name}", shape, $"blk.{i}.{gguf}", rows);
        Norm Rms(string name, string gguf) => new(At(name + ".weight", gguf + ".weight", [C]), (float)c.RmsNormEps);
        Linear Proj(string name, string gguf, int rows, int columns) => new(At(name + ".weight", gguf + ".weight", [rows, columns]));
        var wqkv = At("attention.wqkv.weight", "attn_qkv.weight", [q + (2 * kv), C]);
        var bqkv = bias ? At("attention.wqkv.bias", "attn_qkv.bias", [q + (2 * kv)]) : null;
        var (D, group) = (c.HeadDim, q / Math.Max(1, kv));
        // one of the three: so many heads, from a place within each key head's rows
        Linear Part(string gguf, int heads, int first) => c.IsGguf
            ? new(At(gguf, gguf, [heads * c.NumKeyValueHeads * D, C], gguf == "attn_v.weight" ? RowOrder.Same : RowOrder.RotaryPairs))
            : new(wqkv, bqkv, new(first * D, heads * D, (group + 2) * D, c.NumKeyValueHeads));

        return new Layer([
            new Residual(Rms("attention_norm", "attn_norm"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, D,
                Q: Part("attn_q.weight", group, 0),
                K: Part("attn_k.weight", 1, group),
                V: Part("attn_v.weight", 1, group + 1),
                O: new(At("attention.wo.weight", "attn_output.weight", [C, q]), bias ? At("attention.wo.bias", "attn_output.bias", [C]) : null),
                new Rotary(D, Pairing.Halves, c.RopeTheta, c.Scaling), new Visible(), (float)(1 / Math.Sqrt(D)))),
            new Residual(Rms("ffn_norm", "ffn_norm"), new Mlp(
                Gate: Proj("feed_forward.w1", "ffn_gate", F, C),
                Up: Proj("feed_forward.w3", "ffn_up", F, C),
                Down: Proj("feed_forward.w2", "ffn_down", C, F), Activation.Silu)),
        ]);
    }
}
