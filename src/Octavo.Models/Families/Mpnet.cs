// MPNet as an encoder. BERT's blocks under other names; unusual: a learned number per head and bucket of distances is added to scores, the
// same in all layers; positions begin at pad_token_id + 1; no token types.
// Paper: MPNet (arXiv 2004.09297). Reference: transformers, models/mpnet.
// Notation: V vocabulary, C width, H heads, F width of the feed-forward part.
using Octavo.Models.Configs;

namespace Octavo.Models.Families;

internal static class Mpnet
{
    // the reference has no key for it
    private const int MaxDistance = 128;

    public static readonly Family Family = new(
        "mpnet", ["MPNetModel"], null, (_, json) => FromHub(json), null, ["embeddings.position_ids"]);

    private static TextModel FromHub(HubConfig json)
    {
        var c = EncoderSizes.FromHub(json);
        var first = json.Size("pad_token_id", ConfigReader.MaxVocabulary, 1, min: 0) + 1;
        var buckets = json.Size("relative_attention_num_buckets", 1 << 12, 32, min: 4);
        json.Require(buckets % 4 == 0, $"relative_attention_num_buckets is {buckets}; a multiple of 4 is expected.");
        json.RefuseForeign();
        json.Finish();
        View At(string name, params int[] shape) => new(name, shape, name);
        var bias = new DistanceBias(At("encoder.relative_attention_bias.weight", buckets, c.NumAttentionHeads), MaxDistance);
        var input = new Embed(
            At("embeddings.word_embeddings.weight", c.VocabSize, c.HiddenSize),
            Positions: At("embeddings.position_embeddings.weight", c.MaxPositionEmbeddings, c.HiddenSize), FirstPosition: first,
            Norm: new(At("embeddings.LayerNorm.weight", c.HiddenSize), (float)c.LayerNormEps, B: At("embeddings.LayerNorm.bias", c.HiddenSize)));
        return new TextModel(
            "MPNetModel", c.VocabSize, c.HiddenSize, c.MaxPositionEmbeddings - first,
            [new Stack("model", input, [.. Enumerable.Range(0, c.NumHiddenLayers).Select(i => Block(c, bias, i))], Final: null, [c.Pooler("")])]);
    }

    private static Layer Block(EncoderSizes c, DistanceBias bias, int i)
    {
        var (C, F, D) = (c.HiddenSize, c.IntermediateSize, c.HiddenSize / c.NumAttentionHeads);
        View At(string name, params int[] shape) => new($"encoder.layer.{i}.{name}", shape, $"blk.{i}.{name}");
        Linear Proj(string name, int rows, int columns) => new(At(name + ".weight", rows, columns), At(name + ".bias", rows));
        Norm Behind(string name) => new(At(name + ".weight", C), (float)c.LayerNormEps, B: At(name + ".bias", C));

        return new Layer([
            new Residual(null, new Attention(c.NumAttentionHeads, c.NumAttentionHeads, D,
                Q: Proj("attention.attn.q", C, C),
                K: Proj("attention.attn.k", C, C),
                V: Proj("attention.attn.v", C, C),
                O: Proj("attention.attn.o", C, C),
                Order: null, new Visible(IsCausal: false), (float)(1 / Math.Sqrt(D)), Bias: bias),
                Post: Behind("attention.LayerNorm")),
            new Residual(null, new Mlp(
                Gate: null,
                Up: Proj("intermediate.dense", F, C),
                Down: Proj("output.dense", C, F), c.Act),
                Post: Behind("output.LayerNorm")),
        ]);
    }
}
