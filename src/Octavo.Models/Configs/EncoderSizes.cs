namespace Octavo.Models.Configs;

/// <summary>The numbers that every encoder of BERT's kind has, read the same way from both kinds of configuration.</summary>
internal sealed record EncoderSizes
{
    public int VocabSize { get; init; }                     // V
    public int HiddenSize { get; init; }                    // C
    public int IntermediateSize { get; init; }              // F
    public int NumHiddenLayers { get; init; }
    public int NumAttentionHeads { get; init; }             // H
    public int MaxPositionEmbeddings { get; init; }         // rows of the learned positions
    public double LayerNormEps { get; init; }
    public Activation Act { get; init; }

    public static EncoderSizes FromHub(HubConfig json)
    {
        var (width, heads) = (json.Size("hidden_size"), json.Size("num_attention_heads", ConfigReader.MaxHeads));
        json.RequireMultiple("hidden_size", width, "num_attention_heads", heads);
        json.Choice("hidden_act", "gelu", "gelu", "gelu_new", "gelu_pytorch_tanh");
        foreach (var harmless in (string[])["attention_probs_dropout_prob", "hidden_dropout_prob"])
            json.Number(harmless, 0, 0, 1);
        json.Flag("tie_word_embeddings", true);
        return new EncoderSizes
        {
            HiddenSize = width, NumAttentionHeads = Math.Max(1, heads), VocabSize = json.Size("vocab_size", ConfigReader.MaxVocabulary),
            IntermediateSize = json.Size("intermediate_size", 1 << 24), NumHiddenLayers = json.Size("num_hidden_layers", ConfigReader.MaxLayers),
            MaxPositionEmbeddings = json.Size("max_position_embeddings", ConfigReader.MaxContext),
            LayerNormEps = json.Number("layer_norm_eps", 1e-12, 1e-15, 1),
            Act = json.Text("hidden_act") is null or "gelu" ? Activation.Gelu : Activation.GeluTanh,
        };
    }

    public static EncoderSizes FromGguf(GgufConfig file)
    {
        var (width, heads) = (file.Size("embedding_length"), file.Size("attention.head_count", ConfigReader.MaxHeads));
        file.RequireMultiple("embedding_length", width, "attention.head_count", heads);
        return new EncoderSizes
        {
            HiddenSize = width, NumAttentionHeads = Math.Max(1, heads), VocabSize = file.VocabularySize(),
            IntermediateSize = file.Size("feed_forward_length", 1 << 24), NumHiddenLayers = file.Size("block_count", ConfigReader.MaxLayers),
            MaxPositionEmbeddings = file.Size("context_length", ConfigReader.MaxContext),
            LayerNormEps = file.Number("attention.layer_norm_epsilon", null, 1e-15, 1), Act = Activation.Gelu,
        };
    }

    /// <summary>The projection of the first token that some checkpoints keep; its tanh is the caller's.</summary>
    public Head Pooler(string prefix) => new(
        "pooler", new(
            new(prefix + "pooler.dense.weight", [HiddenSize, HiddenSize], "pooler.weight"),
            new(prefix + "pooler.dense.bias", [HiddenSize], "pooler.bias")),
        IsOptional: true);
}
