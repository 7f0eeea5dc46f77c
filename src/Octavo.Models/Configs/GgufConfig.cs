using Octavo.Core.Gguf;
using Octavo.Core.Tensors;

namespace Octavo.Models.Configs;

/// <summary>The part of a GGUF file's metadata that describes its architecture: the keys under the architecture's name.</summary>
internal sealed class GgufConfig(GgufMetadata metadata, string architecture, TensorSource tensors) : ConfigReader(metadata.Location)
{
    // what a file may say without any bearing on what is computed
    private static readonly HashSet<string> _harmless = new(StringComparer.Ordinal) { "rope.scaling.finetuned", "vocab_size" };

    public IReadOnlyList<string> UnknownKeys => [.. Unread.Where(key => !_harmless.Contains(key[(architecture.Length + 1)..]))];

    protected override IEnumerable<string> Keys => metadata.Values.Keys
        .Where(key => key.StartsWith(architecture + ".", StringComparison.Ordinal))
        .Select(key => key[(architecture.Length + 1)..]);

    public bool HasTensor(string name) => tensors.TryGet(name, out _);

    /// <summary>The size of the vocabulary: by its key, else by the tokens, else by the embedding table.</summary>
    public int VocabularySize()
    {
        if (Has("vocab_size"))
            return Size("vocab_size", MaxVocabulary);
        long rows = metadata.Values.GetValueOrDefault("tokenizer.ggml.tokens") is Array tokens
            ? tokens.Length
            : tensors.TryGet("token_embd.weight", out var table) && table.Shape.Count == 2 ? table.Shape[0] : 0;
        if (rows is > 0 and <= MaxVocabulary)
            return (int)rows;
        Require(false, $"the size of the vocabulary ({rows}) is not in 1 to {MaxVocabulary}: "
            + $"{Full("vocab_size")}, tokenizer.ggml.tokens and token_embd.weight do not give it.");
        return 0;
    }

    /// <summary>The width of a head, told by its keys or else by the widths; unequal heads, and partly rotated ones unless asked for, are refused.</summary>
    public int HeadDim(int width, int heads, bool partlyRotated = false)
    {
        if (!Has("attention.key_length"))
            RequireMultiple("embedding_length", width, "attention.head_count", heads);
        var dim = Size("attention.key_length", MaxHeads, heads == 0 ? 0 : width / heads);
        if (dim == 0)
            return 0;
        RefuseUnless((long)dim, "attention.value_length");
        if (!partlyRotated)
            RefuseUnless((long)dim, "rope.dimension_count");
        return dim;
    }

    /// <summary>Refuses by name what other models under the same architecture use and the families here do not compute.</summary>
    /// <param name="known">Those among them that the family does compute.</param>
    public void RefuseForeign(params ReadOnlySpan<string> known)
    {
        foreach (var key in (string[])["expert_count", "expert_used_count", "expert_shared_count", "leading_dense_block_count", "nextn_predict_layers"])
        {
            if (!known.Contains(key))
                RefuseUnless(0L, key);
        }
        foreach (var key in (string[])
            ["attention.scale", "attention.clamp_kqv", "attention.max_alibi_bias", "attn_logit_softcapping", "final_logit_softcapping"])
        {
            if (!known.Contains(key))
                RefuseUnless(0.0, key);
        }
        RefuseUnless(1.0, "logit_scale", "embedding_scale", "residual_scale");
        RefuseUnless(
            null,
            "tensor_data_layout", "rope.dimension_sections", "classifier.output_labels",
            "rope.scaling.yarn_ext_factor", "rope.scaling.yarn_log_multiplier");
        if (!known.Contains("pooling_type"))
            RefuseUnless(null, "pooling_type");
        if (!known.Contains("attention.causal"))
            RefuseUnless(true, "attention.causal");
        RefuseUnless(false, "use_parallel_residual");
    }

    protected override string Full(string key) => $"{architecture}.{key}";

    protected override object? Find(string key) => metadata.Values.GetValueOrDefault(Full(key)) switch
    {
        byte v => (long)v,
        sbyte v => (long)v,
        ushort v => (long)v,
        short v => (long)v,
        uint v => (long)v,
        int v => (long)v,
        ulong v => v <= long.MaxValue ? (long)v : (double)v,
        float v => (double)v,
        var other => other,
    };
}
