namespace Octavo.Models.Configs;

/// <summary>
/// The numbers that every decoder has, read the same way from both kinds of configuration. What a family has beyond them stands in its own file.
/// </summary>
internal sealed record DecoderSizes
{
    public int VocabSize { get; init; }                     // V
    public int HiddenSize { get; init; }                    // C
    public int IntermediateSize { get; init; }              // F
    public int NumHiddenLayers { get; init; }
    public int NumAttentionHeads { get; init; }             // H
    public int NumKeyValueHeads { get; init; }              // Hkv, H where absent
    public int HeadDim { get; init; }                       // Dh, C / H where absent
    public int RotaryDims { get; init; }                    // numbers of a head that rotate
    public int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; }
    public double RopeTheta { get; init; }
    public RotaryScaling? Scaling { get; init; }
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Whether names and layouts are GGUF's.</summary>
    public bool IsGguf { get; init; }

    /// <summary>Outputs of all query heads.</summary>
    public int QueryWidth => NumAttentionHeads * HeadDim;

    /// <summary>Outputs of all key or value heads.</summary>
    public int KeyWidth => NumKeyValueHeads * HeadDim;

    /// <summary>The longest sequence.</summary>
    public int ContextLength => RotaryReading.ContextLength(MaxPositionEmbeddings, Scaling);

    /// <summary>Reads config.json.</summary>
    /// <param name="json">The file.</param>
    /// <param name="eps">The reference's default epsilon.</param>
    /// <param name="theta">The reference's default rotary base.</param>
    /// <param name="rotated">The part of a head that rotates where the file does not say.</param>
    /// <param name="tied">The reference's default for tie_word_embeddings.</param>
    /// <param name="partlyRotated">Whether the family knows heads that rotate in part; the others refuse them.</param>
    public static DecoderSizes FromHub(
        HubConfig json, double eps = 1e-6, double theta = 10000, double rotated = 1, bool tied = false, bool partlyRotated = false)
    {
        var (width, heads) = (json.Size("hidden_size"), json.Size("num_attention_heads", ConfigReader.MaxHeads));
        var headDim = json.Size("head_dim", ConfigReader.MaxHeads, heads == 0 ? 0 : width / heads);
        var length = json.Size("max_position_embeddings", ConfigReader.MaxContext);
        var dims = partlyRotated ? RotaryReading.Dims(json, headDim, rotated) : headDim;
        var (rotary, scaling) = RotaryReading.FromHub(json, theta, dims, length, partlyRotated);
        json.RequireHeadDim(width, heads);
        var kvHeads = json.Size("num_key_value_heads", ConfigReader.MaxHeads, heads);
        json.RequireMultiple("num_attention_heads", heads, "num_key_value_heads", kvHeads);
        json.Require(dims % 2 == 0, $"{dims} numbers of a head rotate; an even number is expected, for rotary pairs.");
        return new DecoderSizes
        {
            HiddenSize = width, NumAttentionHeads = heads, NumKeyValueHeads = kvHeads, HeadDim = headDim, RotaryDims = dims,
            MaxPositionEmbeddings = length, VocabSize = json.Size("vocab_size", ConfigReader.MaxVocabulary),
            IntermediateSize = json.Size("intermediate_size", 1 << 24), NumHiddenLayers = json.Size("num_hidden_layers", ConfigReader.MaxLayers),
            RmsNormEps = json.Number("rms_norm_eps", eps, 1e-12, 1), RopeTheta = rotary, Scaling = scaling,
            TieWordEmbeddings = json.Flag("tie_word_embeddings", tied),
        };
    }

    /// <summary>Reads the metadata of a GGUF file.</summary>
    public static DecoderSizes FromGguf(GgufConfig file, bool partlyRotated = false)
    {
        var (width, heads) = (file.Size("embedding_length"), file.Size("attention.head_count", ConfigReader.MaxHeads));
        var length = file.Size("context_length", ConfigReader.MaxContext);
        var headDim = file.HeadDim(width, heads, partlyRotated);
        var dims = partlyRotated ? file.Size("rope.dimension_count", ConfigReader.MaxHeads, headDim) : headDim;
        var (theta, scaling) = RotaryReading.FromGguf(file, length, dims);
        var kvHeads = file.Size("attention.head_count_kv", ConfigReader.MaxHeads, heads);
        file.RequireMultiple("attention.head_count", heads, "attention.head_count_kv", kvHeads);
        file.Require(dims % 2 == 0 && dims <= headDim, $"{dims} of {headDim} numbers of a head rotate; an even number of them is expected, for rotary pairs.");
        return new DecoderSizes
        {
            IsGguf = true, HiddenSize = width, NumAttentionHeads = heads, NumKeyValueHeads = kvHeads, HeadDim = headDim, RotaryDims = dims,
            MaxPositionEmbeddings = length, VocabSize = file.VocabularySize(), IntermediateSize = file.Size("feed_forward_length", 1 << 24),
            NumHiddenLayers = file.Size("block_count", ConfigReader.MaxLayers),
            RmsNormEps = file.Number("attention.layer_norm_rms_epsilon", null, 1e-12, 1), RopeTheta = theta, Scaling = scaling,
            TieWordEmbeddings = !file.HasTensor("output.weight"),
        };
    }

    /// <summary>So many layers.</summary>
    public static Layer[] Layers(int count, Func<int, Layer> block)
    {
        var layers = new Layer[count];
        for (var i = 0; i < count; i++)
            layers[i] = block(i);
        return layers;
    }

    /// <summary>The description around the blocks that most decoders share: an embedding table, layers, a norm, a head.</summary>
    /// <param name="architecture">The checkpoint's class name.</param>
    /// <param name="block">Makes layer i.</param>
    /// <param name="scale">What embeddings are multiplied with.</param>
    /// <param name="offset">What is added to the weights of the final norm.</param>
    /// <param name="softcap">The cap of the logits; 0 for none.</param>
    /// <param name="table">The checkpoint's name of the embedding table.</param>
    /// <param name="norm">The checkpoint's name of the final norm.</param>
    /// <param name="head">The checkpoint's name of the head.</param>
    public TextModel Describe(
        string architecture, Func<int, Layer> block, float scale = 1, float offset = 0, float softcap = 0,
        string table = "model.embed_tokens.weight", string norm = "model.norm.weight", string head = "lm_head.weight")
    {
        var embedding = new View(table, [VocabSize, HiddenSize], "token_embd.weight");
        var output = TieWordEmbeddings ? embedding : new View(head, [VocabSize, HiddenSize], "output.weight");
        var final = new Norm(new(norm, [HiddenSize], "output_norm.weight"), (float)RmsNormEps, offset);
        var layers = Layers(NumHiddenLayers, block);
        return new TextModel(architecture, VocabSize, HiddenSize, ContextLength,
            [new Stack("model", new Embed(embedding, scale), layers, final, [new Head("lm_head", new Linear(output), softcap)])]);
    }
}
