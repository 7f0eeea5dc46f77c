namespace Octavo.Training.Configuration;

/// <summary>Low-rank adapters in place of training all weights.</summary>
internal sealed record AdapterConfig : IHasProblems
{
    [Setting("Trains low-rank adapters; the model's own weights stay.", Sources.OpenInstruct)]
    public bool UseLora { get; init; }

    [Setting("Rank of the adapters.", Sources.OpenInstruct, AtLeast = 1)]
    public int LoraRank { get; init; } = 64;

    [Setting("What they add is multiplied by this over the rank (over its root with use_rslora).", Sources.OpenInstruct, Above = 0)]
    public double LoraAlpha { get; init; } = 16;

    [Setting("Share of an adapter's inputs that is dropped while training.", Sources.OpenInstruct, AtLeast = 0, Below = 1)]
    public double LoraDropout { get; init; } = 0.1;

    [Setting("The linear layers that get one, by the last part of their names.", Sources.OpenInstruct)]
    public IReadOnlyList<string> LoraTargetModules { get; init; } =
        ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    [Setting("Divides by the root of the rank, so that large ranks learn as fast (rsLoRA).", Sources.Peft)]
    public bool UseRslora { get; init; }

    [Setting("Learns the length of each column of a weight apart from its direction (DoRA).", Sources.Peft)]
    public bool UseDora { get; init; }

    [Setting("Keeps the model's own weights in 4 bits (NF4, double quantization).", Sources.OpenInstruct)]
    public bool UseQlora { get; init; }

    /// <summary>What the adapters' product is multiplied by.</summary>
    public double Scale => LoraAlpha / (UseRslora ? Math.Sqrt(LoraRank) : LoraRank);

    public IEnumerable<ConfigProblem> Problems()
    {
        if (LoraTargetModules.Count == 0 || LoraTargetModules.Any(string.IsNullOrWhiteSpace))
            yield return new("lora_target_modules", "must name layers, such as [q_proj, v_proj].");
        if (UseLora)
            yield break;
        var usual = new AdapterConfig();
        const string Off = "has no effect without 'use_lora: true'.";
        if (UseQlora)
            yield return new("use_qlora", Off);
        if (UseRslora)
            yield return new("use_rslora", Off);
        if (UseDora)
            yield return new("use_dora", Off);
        if (LoraRank != usual.LoraRank)
            yield return new("lora_rank", Off);
        if (LoraAlpha != usual.LoraAlpha)
            yield return new("lora_alpha", Off);
        if (LoraDropout != usual.LoraDropout)
            yield return new("lora_dropout", Off);
        if (!LoraTargetModules.SequenceEqual(usual.LoraTargetModules))
            yield return new("lora_target_modules", Off);
    }
}
