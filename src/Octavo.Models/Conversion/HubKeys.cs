using System.Text.Json.Nodes;

namespace Octavo.Models.Conversion;

/// <summary>Says a description in the keys of config.json. Whether they say all of it is found out by reading them again.</summary>
internal static class HubKeys
{
    /// <summary>The configuration, in the order of the keys' names, with keys that only some families read.</summary>
    /// <param name="model">A description.</param>
    /// <param name="modelType">The family's <c>model_type</c>.</param>
    /// <param name="type">The <c>torch_dtype</c>.</param>
    /// <param name="read">Reads a stored tensor of rotary divisors.</param>
    public static JsonObject Of(TextModel model, string modelType, string type, Func<View, float[]> read)
    {
        var stack = model.Stacks[0];
        var mixers = stack.Layers.SelectMany(layer => layer.Parts).Select(part => part.Mix).ToList();
        var attention = mixers.OfType<Attention>().First();
        var keys = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["architectures"] = new JsonArray((JsonNode)model.Architecture), ["model_type"] = modelType, ["torch_dtype"] = type,
            ["hidden_size"] = model.HiddenSize, ["vocab_size"] = model.VocabularySize, ["num_hidden_layers"] = stack.Layers.Count,
            ["num_attention_heads"] = attention.Heads, ["max_position_embeddings"] = model.ContextLength + stack.Input.FirstPosition,
        };
        if (attention.Visible.IsCausal)
            PutDecoder(keys, stack, mixers, attention);
        else
            PutEncoder(keys, stack, mixers);
        if (mixers.OfType<Attention>().Select(a => a.Order).FirstOrDefault(order => order is not null) is { } rotary)
            PutRotary(keys, rotary, attention, read);
        return new JsonObject(keys);
    }

    private static void PutDecoder(SortedDictionary<string, JsonNode?> keys, Stack stack, List<Mixer> mixers, Attention attention)
    {
        var part = stack.Layers[0].Parts[0];
        keys["num_key_value_heads"] = attention.KvHeads;
        keys["head_dim"] = attention.HeadDim;
        keys["rms_norm_eps"] = Number((part.Pre ?? part.Out ?? part.Post)!.Epsilon);
        keys["tie_word_embeddings"] = stack.Heads.Any(head => head.Projection.W.Name == stack.Input.Table.Name);
        keys["attention_bias"] = attention.Q.B is not null;
        keys["bias"] = attention.O.B is not null;
        var window = mixers.OfType<Attention>().Select(a => a.Visible.Window).FirstOrDefault(width => width is not null);
        if (attention.Softcap != 0 || stack.Heads[0].Softcap != 0 || stack.Input.Scale != 1)
        {
            keys["attn_logit_softcapping"] = attention.Softcap == 0 ? null : Number(attention.Softcap);
            keys["final_logit_softcapping"] = stack.Heads[0].Softcap == 0 ? null : Number(stack.Heads[0].Softcap);
            keys["query_pre_attn_scalar"] = Math.Round(1 / ((double)attention.Scale * attention.Scale), 3);
        }
        keys["sliding_window"] = window;
        switch (mixers.First(mixer => mixer is not Attention))
        {
            case Experts experts:
                keys["hidden_act"] = Name(experts.Each[0].Act);
                keys["intermediate_size"] = experts.Each[0].Up.Outputs;
                keys["num_local_experts"] = experts.Each.Count;
                keys["num_experts_per_tok"] = experts.Active;
                break;
            case Mlp mlp:
                // the reference's key for a tanh-shaped activation is another one
                keys[mlp.Act == Activation.GeluTanh ? "hidden_activation" : "hidden_act"] = Name(mlp.Act);
                keys["intermediate_size"] = mlp.Up.Outputs;
                if (mlp.Up.B is not null)
                    keys["mlp_bias"] = true;
                break;
        }
    }

    private static void PutEncoder(SortedDictionary<string, JsonNode?> keys, Stack stack, List<Mixer> mixers)
    {
        var mlp = mixers.OfType<Mlp>().First();
        keys["hidden_act"] = Name(mlp.Act);
        keys["intermediate_size"] = mlp.Up.Outputs;
        keys["layer_norm_eps"] = Number(stack.Layers[0].Parts[0].Post!.Epsilon);
        if (stack.Input.Types is { } types)
            keys["type_vocab_size"] = types.Shape[0];
    }

    private static void PutRotary(SortedDictionary<string, JsonNode?> keys, Rotary rotary, Attention attention, Func<View, float[]> read)
    {
        keys["rope_theta"] = Number((float)rotary.Theta);
        if (rotary.Dims != attention.HeadDim)
            keys["partial_rotary_factor"] = (double)rotary.Dims / attention.HeadDim;
        switch (rotary.Scaling)
        {
            case null when rotary.Factors is { } stored:
                if (Llama3Divisors.RuleOf(rotary, read(stored)) is { } rule)
                {
                    keys["rope_scaling"] = new JsonObject
                    {
                        ["rope_type"] = "llama3", ["factor"] = Number((float)rule.Factor), ["low_freq_factor"] = Number((float)rule.LowFactor),
                        ["high_freq_factor"] = Number((float)rule.HighFactor), ["original_max_position_embeddings"] = rule.OriginalLength,
                    };
                }
                break;
            case LinearScaling linear:
                keys["rope_scaling"] = new JsonObject { ["rope_type"] = "linear", ["factor"] = Number((float)linear.Factor) };
                break;
            case YarnScaling yarn:
                keys["rope_scaling"] = new JsonObject
                {
                    ["rope_type"] = "yarn", ["factor"] = Number((float)yarn.Factor), ["original_max_position_embeddings"] = yarn.OriginalLength,
                    ["beta_fast"] = Number((float)yarn.BetaFast), ["beta_slow"] = Number((float)yarn.BetaSlow), ["attention_factor"] = Number((float)yarn.AttentionFactor),
                };
                break;
            case LongRopeScaling longRope:
                keys["original_max_position_embeddings"] = longRope.OriginalLength;
                // the reference takes these three keys; a further one only where the factor is not what follows from the lengths
                var section = new JsonObject
                {
                    ["type"] = "longrope", ["short_factor"] = Numbers(read(longRope.StoredShort!)), ["long_factor"] = Numbers(read(longRope.StoredLong!)),
                };
                if (Math.Abs(longRope.AttentionFactor - Usual(keys["max_position_embeddings"]!.GetValue<int>(), longRope.OriginalLength)) > 1e-6)
                    section["attention_factor"] = Number((float)longRope.AttentionFactor);
                keys["rope_scaling"] = section;
                break;
        }
    }

    private static string Name(Activation act) => act switch
    {
        Activation.Silu => "silu",
        Activation.Gelu => "gelu",
        _ => "gelu_pytorch_tanh",
    };

    private static double Usual(int length, int original) =>
        length <= original || original < 2 ? 1 : Math.Sqrt(1 + (Math.Log((double)length / original) / Math.Log(original)));

    // the shortest decimal that is the same fp32, and not the fifteen digits of it as a double; with a point, since readers tell floats by it
    private static JsonNode Number(float number)
    {
        var text = number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        return JsonNode.Parse(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0")!;
    }

    private static JsonArray Numbers(float[] numbers) => [.. numbers.Select(Number)];
}
