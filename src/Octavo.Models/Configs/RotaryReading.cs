namespace Octavo.Models.Configs;

/// <summary>Reads how rotary positions are stretched, in the two layouts of <c>config.json</c> and from GGUF's keys.</summary>
internal static class RotaryReading
{
    private const double MaxTheta = 1e15;
    private const double MaxFactor = 1e6;

    /// <summary>
    /// <c>rope_theta</c> beside <c>rope_scaling</c> (with <c>type</c> or <c>rope_type</c>), or all of it inside <c>rope_parameters</c>.
    /// Defaults are those of the reference's modeling_rope_utils.
    /// </summary>
    public static (double Theta, RotaryScaling? Scaling) FromHub(HubConfig json, double defaultTheta, int rotaryDims, int maxLength, bool partlyRotated = false)
    {
        var (old, next) = (json.Section("rope_scaling"), json.Section("rope_parameters"));
        json.Require(old is null || next is null, "rope_scaling and rope_parameters are both given; only one of them is expected.");
        var section = next ?? old;
        if (!partlyRotated)
            section?.RefuseUnless(1.0, "partial_rotary_factor");
        var outer = json.OptionalNumber("rope_theta", 2, MaxTheta);
        var inner = section?.OptionalNumber("rope_theta", 2, MaxTheta);
        json.Require(
            outer is null || inner is null || outer == inner, $"rope_theta is {outer} outside and {inner} inside; one value is expected.");
        return (inner ?? outer ?? defaultTheta, section is null ? null : Scaling(json, section, rotaryDims, maxLength));
    }

    /// <summary>The part of a head that is rotated: <c>partial_rotary_factor</c>, outside or inside the rotary parameters.</summary>
    public static int Dims(HubConfig json, int headDim, double fallback)
    {
        var inner = json.Section("rope_parameters")?.OptionalNumber("partial_rotary_factor", 0.01, 1);
        var part = inner ?? json.Number("partial_rotary_factor", fallback, 0.01, 1);
        return (int)(headDim * part);
    }

    /// <summary><c>rope.freq_base</c> and <c>rope.scaling.*</c>; a factor without a type means linear, stored divisors mean LongRoPE.</summary>
    public static (double Theta, RotaryScaling? Scaling) FromGguf(GgufConfig file, int contextLength, int rotaryDims = 0)
    {
        var theta = file.Number("rope.freq_base", 10000, 2, MaxTheta);
        var linear = file.OptionalNumber("rope.scale_linear", 1, MaxFactor);
        var factor = file.OptionalNumber("rope.scaling.factor", 1, MaxFactor) ?? linear;
        var type = file.Text("rope.scaling.type") ?? (factor is null ? "none" : "linear");
        var original = file.Size("rope.scaling.original_context_length", ConfigReader.MaxContext, contextLength);
        var attention = file.Number("rope.scaling.attn_factor", 1, 1e-3, MaxFactor);
        attention *= file.Number("rope.scaling.yarn_attn_factor", 1, 1e-3, MaxFactor);
        var fast = file.Number("rope.scaling.yarn_beta_fast", 32, 1e-3, MaxFactor);
        var slow = file.Number("rope.scaling.yarn_beta_slow", 1, 1e-3, MaxFactor);
        if (file.HasTensor("rope_factors_long.weight") && rotaryDims > 0)
        {
            View Stored(string name) => new(name, [rotaryDims / 2], name);
            return (theta, new LongRopeScaling(
                [], [], original, attention, Stored("rope_factors_short.weight"), Stored("rope_factors_long.weight")));
        }
        file.Require(type is "none" || factor is not null, "rope.scaling.type is given without rope.scaling.factor.");
        if (type is not "yarn" && attention != 1)
            file.Refuse("rope.scaling.attn_factor without yarn scaling.");
        if (type is not "none" && file.HasTensor("rope_freqs.weight"))
            file.Refuse($"rope.scaling.type {ConfigReader.Show(type)} together with the tensor rope_freqs.weight.");
        switch (type)
        {
            case "none":
                return (theta, null);
            case "linear":
                return (theta, new LinearScaling(factor ?? 1));
            case "yarn":
                return (theta, new YarnScaling(factor ?? 1, original, fast, slow, attention * Magnitude(factor ?? 1)));
            default:
                file.Refuse($"rope.scaling.type {ConfigReader.Show(type)}; supported: none, linear, yarn.");
                return (theta, null);
        }
    }

    /// <summary>The longest sequence: dynamic scaling is there for those beyond the trained length.</summary>
    public static int ContextLength(int maxLength, RotaryScaling? scaling) =>
        scaling is DynamicScaling dynamic ? (int)Math.Min(ConfigReader.MaxContext, maxLength * dynamic.Factor) : maxLength;

    private static RotaryScaling? Scaling(HubConfig json, HubConfig rope, int rotaryDims, int maxLength)
    {
        if (rope.FirstObject is { } nested)
            rope.Refuse($"rotary parameters of their own for some layers: {nested}.");
        var (type, older) = (rope.Text("rope_type"), rope.Text("type"));
        rope.Require(
            type is null || older is null || type == older,
            $"rope_type is {ConfigReader.Show(type)} but type is {ConfigReader.Show(older)}; one value is expected.");
        switch (type ?? older ?? "default")
        {
            case "default":
                return null;
            case "linear":
                return new LinearScaling(rope.Number("factor", null, 1, MaxFactor));
            case "dynamic":
                rope.RefuseUnless((long)maxLength, "original_max_position_embeddings");
                rope.Require(rotaryDims is 0 or >= 4, $"dynamic rotary scaling needs heads of at least 4 numbers; they have {rotaryDims}.");
                return new DynamicScaling(rope.Number("factor", null, 1, MaxFactor), maxLength);
            case "llama3":
                return Llama3(rope, maxLength);
            case "longrope" or "su":
                return LongRope(json, rope, rotaryDims, maxLength);
            case "yarn":
                return Yarn(rope, maxLength);
            case var unknown:
                rope.Refuse($"rotary scaling {ConfigReader.Show(unknown)}; supported: default, linear, dynamic, llama3, longrope, yarn.");
                return null;
        }
    }

    private static Llama3Scaling Llama3(HubConfig rope, int maxLength)
    {
        var low = rope.Number("low_freq_factor", null, 1e-3, MaxFactor);
        var high = rope.Number("high_freq_factor", null, 1e-3, MaxFactor);
        rope.Require(low == 0 || high == 0 || high > low, $"high_freq_factor is {high}; more than low_freq_factor ({low}) is expected.");
        return new Llama3Scaling(rope.Number("factor", null, 1, MaxFactor), low, high, Original(rope, maxLength));
    }

    // the trained length stands beside the section in released files, and inside it in newer ones
    private static LongRopeScaling LongRope(HubConfig json, HubConfig rope, int rotaryDims, int maxLength)
    {
        var original = rope.OptionalSize("original_max_position_embeddings", ConfigReader.MaxContext)
            ?? json.Size("original_max_position_embeddings", ConfigReader.MaxContext, maxLength);
        var factor = rope.OptionalNumber("factor", 1, MaxFactor) ?? (original == 0 ? 1 : Math.Max(1, (double)maxLength / original));
        var attention = factor <= 1 || original < 2 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(original)));
        return new LongRopeScaling(
            Factors("short_factor"), Factors("long_factor"), original, rope.Number("attention_factor", attention, 1e-3, MaxFactor));

        IReadOnlyList<double> Factors(string key)
        {
            var numbers = rope.Numbers(key) ?? [];
            rope.Require(rotaryDims == 0 || numbers.Count == rotaryDims / 2, $"{key} has {numbers.Count} numbers; {rotaryDims / 2} are expected, one per rotary pair.");
            rope.Require(numbers.All(number => number > 0), $"{key} has a number that is not positive.");
            return numbers;
        }
    }

    private static YarnScaling Yarn(HubConfig rope, int maxLength)
    {
        var original = Original(rope, maxLength);
        var factor = rope.OptionalNumber("factor", 1, MaxFactor) ?? Math.Max(1, original == 0 ? 1 : (double)maxLength / original);
        var (mscale, allDims) = (rope.OptionalNumber("mscale", 0, MaxFactor), rope.OptionalNumber("mscale_all_dim", 0, MaxFactor));
        var attention = mscale is > 0 && allDims is > 0
            ? Magnitude(factor, mscale.Value) / Magnitude(factor, allDims.Value)
            : Magnitude(factor);
        var (fast, slow) = (rope.Number("beta_fast", 32, 1e-3, MaxFactor), rope.Number("beta_slow", 1, 1e-3, MaxFactor));
        rope.Require(fast == 0 || slow == 0 || fast >= slow, $"beta_fast is {fast}; at least beta_slow ({slow}) is expected.");
        attention = rope.Number("attention_factor", attention, 1e-3, MaxFactor);
        return new YarnScaling(factor, original, fast, slow, attention, rope.Flag("truncate", true));
    }

    private static int Original(HubConfig rope, int maxLength) => rope.Size("original_max_position_embeddings", ConfigReader.MaxContext, maxLength);

    private static double Magnitude(double factor, double mscale = 1) => factor <= 1 ? 1 : (0.1 * mscale * Math.Log(factor)) + 1;
}
