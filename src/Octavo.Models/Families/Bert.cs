// BERT and RoBERTa (XLM-RoBERTa too) as encoders: every token sees the whole text; layer norms behind each part, over the sum; learned
// positions and token types added to the embeddings, then a norm; biases everywhere; the feed-forward part has no gate. Unusual in RoBERTa:
// positions begin at pad_token_id + 1. GGUF files (bert) lack the pooler.
// Papers: BERT (arXiv 1810.04805), RoBERTa (1907.11692). References: transformers, models/bert, models/roberta, models/xlm_roberta.
// Notation: V vocabulary, C width, H heads, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Bert
{
    private static readonly IReadOnlyList<string> _ignored = ["embeddings.position_ids", "embeddings.token_type_ids"];

    public static readonly Family Family = new(
        "bert", ["BertModel", "BertForTokenClassification"], "bert", (name, json) => FromHub(name, json, "bert."), FromGguf, _ignored);

    public static readonly Family Roberta = new(
        "roberta", ["RobertaModel", "RobertaForTokenClassification"], null, (name, json) => FromHub(name, json, "roberta."), null, _ignored);

    public static readonly Family XlmRoberta = new(
        "xlm-roberta", ["XLMRobertaModel", "XLMRobertaForTokenClassification"], null, (name, json) => FromHub(name, json, "roberta."), null,
        _ignored);

    private static TextModel FromHub(string architecture, HubConfig json, string prefix)
    {
        var c = EncoderSizes.FromHub(json);
        var isRoberta = prefix == "roberta.";
        var first = isRoberta ? json.Size("pad_token_id", ConfigReader.MaxVocabulary, 1, min: 0) + 1 : 0;
        json.Choice("position_embedding_type", "absolute", "absolute");
        json.RefuseUnless(false, "is_decoder", "add_cross_attention");
        json.RefuseForeign();
        var types = json.Size("type_vocab_size", ConfigReader.MaxVocabulary, 2);
        int? labels = architecture.EndsWith("ForTokenClassification", StringComparison.Ordinal) ? json.Labels() : null;
        json.Finish();
        return Describe(c, architecture, labels is null ? "" : prefix, first, types, labels);
    }

    private static TextModel FromGguf(GgufConfig file)
    {
        var c = EncoderSizes.FromGguf(file);
        file.RefuseUnless(false, "attention.causal");
        file.OptionalSize("pooling_type", int.MaxValue, min: 0);
        file.RefuseForeign("attention.causal", "pooling_type");
        file.Finish();
        return Describe(c, "BertModel", "", first: 0, types: 2, labels: null);
    }

    private static TextModel Describe(EncoderSizes c, string architecture, string prefix, int first, int types, int? labels)
    {
        View At(string name, string gguf, params int[] shape) => new(prefix + name, shape, gguf);
        var norm = new Norm(
            At("embeddings.LayerNorm.weight", "token_embd_norm.weight", c.HiddenSize), (float)c.LayerNormEps,
            B: At("embeddings.LayerNorm.bias", "token_embd_norm.bias", c.HiddenSize));
        var input = new Embed(
            At("embeddings.word_embeddings.weight", "token_embd.weight", c.VocabSize, c.HiddenSize),
            Positions: At("embeddings.position_embeddings.weight", "position_embd.weight", c.MaxPositionEmbeddings, c.HiddenSize), FirstPosition: first,
            Types: At("embeddings.token_type_embeddings.weight", "token_types.weight", types, c.HiddenSize), Norm: norm);
        Head head = labels is { } count
            ? new("classifier", new(new("classifier.weight", [count, c.HiddenSize], "cls.weight"), new("classifier.bias", [count], "cls.bias")))
            : c.Pooler(prefix);
        return new TextModel(
            architecture, c.VocabSize, c.HiddenSize, c.MaxPositionEmbeddings - first,
            [new Stack("model", input, [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i => Block(c, prefix, i))], Final: null, [head])]);
    }

    private static Layer Block(EncoderSizes c, string prefix, int i)
    {
        var (C, F, D) = (c.HiddenSize, c.IntermediateSize, c.HiddenSize / c.NumAttentionHeads);
        View At(string name, string gguf, params int[] shape) => new($"{prefix}encoder.layer.{i}.{name}", shape, $"blk.{i}.{gguf}");
        Linear Proj(string name, string gguf, int rows, int columns) =>
            new(At(name + ".weight", gguf + ".weight", rows, columns), At(name + ".bias", gguf + ".bias", rows));
        Norm Behind(string name, string gguf) =>
            new(At(name + ".weight", gguf + ".weight", C), (float)c.LayerNormEps, B: At(name + ".bias", gguf + ".bias", C));

        return new Layer([
            new Residual(null, new Attention(c.NumAttentionHeads, c.NumAttentionHeads, D,
                Q: Proj("attention.self.query", "attn_q", C, C),
                K: Proj("attention.self.key", "attn_k", C, C),
                V: Proj("attention.self.value", "attn_v", C, C),
                O: Proj("attention.output.dense", "attn_output", C, C),
                Order: null, new Visible(IsCausal: false), (float)(1 / Math.Sqrt(D))),
                Post: Behind("attention.output.LayerNorm", "attn_output_norm")),
            new Residual(null, new Mlp(
                Gate: null,
                Up: Proj("intermediate.dense", "ffn_up", F, C),
                Down: Proj("output.dense", "ffn_down", C, F), c.Act),
                Post: Behind("output.LayerNorm", "layer_output_norm")),
        ]);
    }
}
