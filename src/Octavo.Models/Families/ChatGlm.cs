// ChatGLM: the layout in which GLM-4-9B was first released. The model is that of Glm.cs; unusual here are the configuration's own names,
// q, k and v in one matrix with a bias (all of q, then k, then v), and the head under transformer.output_layer.
// Paper: ChatGLM (arXiv 2406.12793). Reference: the checkpoints' own modeling_chatglm.py.
// Notation: V vocabulary, C width, H heads, Hkv key and value heads, Dh width of a head, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class ChatGlm
{
    public static readonly Family Family = new(
        "chatglm", ["ChatGLMModel", "ChatGLMForConditionalGeneration"], null, (name, json) => FromHub(name, json), FromGguf: null,
        ["rotary_pos_emb.inv_freq"], WrittenAs: "chatglm");

    private static TextModel FromHub(string architecture, HubConfig json)
    {
        var (width, heads) = (json.Size("hidden_size"), json.Size("num_attention_heads", ConfigReader.MaxHeads));
        var headDim = json.Size("kv_channels", ConfigReader.MaxHeads, heads == 0 ? 0 : width / heads);
        var grouped = json.Flag("multi_query_attention", false);
        var groups = json.Size("multi_query_group_num", ConfigReader.MaxHeads, 1);
        var kvHeads = grouped ? groups : heads;
        json.RequireMultiple("num_attention_heads", heads, "multi_query_group_num", kvHeads);
        var c = new DecoderSizes
        {
            HiddenSize = width, NumAttentionHeads = heads, NumKeyValueHeads = kvHeads, HeadDim = headDim, RotaryDims = headDim / 2,
            MaxPositionEmbeddings = json.Size("seq_length", ConfigReader.MaxContext), VocabSize = json.Size("padded_vocab_size", ConfigReader.MaxVocabulary),
            IntermediateSize = json.Size("ffn_hidden_size", 1 << 24), NumHiddenLayers = json.Size("num_layers", ConfigReader.MaxLayers),
            RmsNormEps = json.Number("layernorm_epsilon", 1e-5, 1e-12, 1), RopeTheta = 10000 * json.Number("rope_ratio", 1, 1e-3, 1e6),
        };
        var bias = json.Flag("add_qkv_bias", false);
        json.OptionalSize("vocab_size", ConfigReader.MaxVocabulary);
        json.RefuseUnless(true, "rmsnorm", "post_layer_norm", "original_rope");
        json.RefuseUnless(false, "add_bias_linear", "apply_residual_connection_post_layernorm", "tie_word_embeddings");
        json.RefuseForeign();
        json.Finish();
        return c.Describe(
            architecture, i => Block(c, i, bias), table: "transformer.embedding.word_embeddings.weight",
            norm: "transformer.encoder.final_layernorm.weight", head: "transformer.output_layer.weight");
    }

    private static Layer Block(DecoderSizes c, int i, bool bias)
    {
        var (C, F, q, kv) = (c.HiddenSize, c.IntermediateSize, c.QueryWidth, c.KeyWidth);
        View At(string name, params int[] shape) => new($"transformer.encoder.layers.{i}.{name}", shape, $"blk.{i}.{name}");
        Norm Rms(string name) => new(At(name, C), (float)c.RmsNormEps);
        var qkv = At("self_attention.query_key_value.weight", q + (2 * kv), C);
        var qkvBias = bias ? At("self_attention.query_key_value.bias", q + (2 * kv)) : null;
        var gateUp = At("mlp.dense_h_to_4h.weight", 2 * F, C);

        return new Layer([
            new Residual(Rms("input_layernorm.weight"), new Attention(c.NumAttentionHeads, c.NumKeyValueHeads, c.HeadDim,
                Q: new(qkv, qkvBias, new(0, q)),
                K: new(qkv, qkvBias, new(q, kv)),
                V: new(qkv, qkvBias, new(q + kv, kv)),
                O: new(At("self_attention.dense.weight", C, q)),
                new Rotary(c.RotaryDims, Pairing.Neighbours, c.RopeTheta), new Visible(), (float)(1 / Math.Sqrt(c.HeadDim)))),
            new Residual(Rms("post_attention_layernorm.weight"), new Mlp(
                Gate: new(gateUp, Rows: new(0, F)),
                Up: new(gateUp, Rows: new(F, F)),
                Down: new(At("mlp.dense_4h_to_h.weight", C, F)), Activation.Silu)),
        ]);
    }
}
