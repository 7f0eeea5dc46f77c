namespace Octavo.Models.Conversion;

/// <summary>Says a description in the keys of a GGUF file. Whether they say all of it is found out by reading them again.</summary>
internal static class GgufKeys
{
    /// <summary>The keys of the architecture, in the order of the format's documentation.</summary>
    /// <param name="model">A description.</param>
    /// <param name="architecture">The <c>general.architecture</c>.</param>
    /// <param name="withWindow">False leaves out the window of attention, for an architecture that has none: the context then ends with it.</param>
    public static Dictionary<string, object> Of(TextModel model, string architecture, bool withWindow)
    {
        var keys = new Dictionary<string, object>(StringComparer.Ordinal) { ["general.architecture"] = architecture, ["general.type"] = "model" };
        var layers = model.Stacks[0].Layers;
        var mixers = layers.SelectMany(layer => layer.Parts).Select(part => part.Mix).ToList();
        var attention = mixers.OfType<Attention>().First();
        void Put(string key, object value) => keys[$"{architecture}.{key}"] = value;

        Put("vocab_size", (uint)model.VocabularySize);
        var window = mixers.OfType<Attention>().Min(a => a.Visible.Window);
        var length = attention.Order?.Scaling is DynamicScaling dynamic ? dynamic.OriginalLength : model.ContextLength;
        Put("context_length", (uint)(window is { } end && !withWindow ? Math.Min(end, length) : length));
        Put("embedding_length", (uint)model.HiddenSize);
        Put("block_count", (uint)layers.Count);
        Put("feed_forward_length", (uint)Width(mixers));
        Put("attention.head_count", (uint)attention.Heads);
        PutNorm(layers, Put);
        if (attention.Visible.IsCausal)
        {
            Put("attention.head_count_kv", (uint)attention.KvHeads);
            Put("attention.key_length", (uint)attention.HeadDim);
            Put("attention.value_length", (uint)attention.HeadDim);
        }
        else
        {
            Put("attention.causal", false);
        }
        if (window is { } width && withWindow)
            Put("attention.sliding_window", (uint)width);
        if (attention.Softcap != 0)
            Put("attn_logit_softcapping", attention.Softcap);
        if (model.Stacks[0].Heads.FirstOrDefault(head => head.Softcap != 0) is { } capped)
            Put("final_logit_softcapping", capped.Softcap);
        if (mixers.OfType<Experts>().FirstOrDefault() is { } experts)
        {
            Put("expert_count", (uint)experts.Each.Count);
            Put("expert_used_count", (uint)experts.Active);
        }
        if (mixers.OfType<Attention>().Select(a => a.Order).FirstOrDefault(order => order is not null) is { } rotary)
            PutRotary(rotary, Put);
        return keys;
    }

    /// <summary>Names of tensors that hold divisors of the rotary frequencies, where a GGUF file would have them.</summary>
    public static IEnumerable<string> DivisorTensors(TextModel model) =>
        model.Stacks[0].Layers.SelectMany(layer => layer.Parts).Select(part => (part.Mix as Attention)?.Order)
            .FirstOrDefault(order => order is not null) switch
        {
            { Scaling: Llama3Scaling } or { Factors: not null } => ["rope_freqs.weight"],
            { Scaling: LongRopeScaling } => ["rope_factors_long.weight", "rope_factors_short.weight"],
            _ => [],
        };

    private static int Width(IEnumerable<Mixer> mixers) => mixers.Max(mixer => mixer switch
    {
        Mlp mlp => mlp.Up.Outputs,
        Experts experts => experts.Each[0].Up.Outputs,
        _ => 0,
    });

    private static void PutNorm(IReadOnlyList<Layer> layers, Action<string, object> put)
    {
        var part = layers[0].Parts[0];
        if ((part.Pre ?? part.Out ?? part.Post) is { } norm)
            put(norm.B is null ? "attention.layer_norm_rms_epsilon" : "attention.layer_norm_epsilon", norm.Epsilon);
    }

    private static void PutRotary(Rotary rotary, Action<string, object> put)
    {
        put("rope.dimension_count", (uint)rotary.Dims);
        put("rope.freq_base", (float)rotary.Theta);
        switch (rotary.Scaling)
        {
            case LinearScaling linear:
                put("rope.scaling.type", "linear");
                put("rope.scaling.factor", (float)linear.Factor);
                break;
            case YarnScaling yarn:
                put("rope.scaling.type", "yarn");
                put("rope.scaling.factor", (float)yarn.Factor);
                put("rope.scaling.original_context_length", (uint)yarn.OriginalLength);
                if (yarn.BetaFast != 32)
                    put("rope.scaling.yarn_beta_fast", (float)yarn.BetaFast);
                if (yarn.BetaSlow != 1)
                    put("rope.scaling.yarn_beta_slow", (float)yarn.BetaSlow);
                var usual = yarn.Factor <= 1 ? 1 : (0.1 * Math.Log(yarn.Factor)) + 1;
                if (Math.Abs(yarn.AttentionFactor - usual) > 1e-6)
                    put("rope.scaling.yarn_attn_factor", (float)(yarn.AttentionFactor / usual));
                break;
            case LongRopeScaling longRope:
                put("rope.scaling.original_context_length", (uint)longRope.OriginalLength);
                put("rope.scaling.attn_factor", (float)longRope.AttentionFactor);
                break;
        }
    }
}
