namespace Octavo.Training.Configuration;

/// <summary>Supervised fine-tuning: <c>octavo train sft</c>.</summary>
internal sealed record SftConfig : IRecipeConfig, IHasProblems
{
    public static string Recipe => "sft";

    [Inline]
    public ModelConfig Model { get; init; } = new();

    [Inline]
    public ConversationDataConfig Data { get; init; } = new();

    [Inline]
    public AdapterConfig Adapter { get; init; } = new();

    [Inline]
    public TrainConfig Train { get; init; } = new();

    TrainConfig IRecipeConfig.Shared => Train;

    public IEnumerable<ConfigProblem> Problems()
    {
        if (Adapter.UseLora && !Train.MasterWeights)
            yield return new("master_weights", "is false, but adapters are kept in float32 always. Remove it, or train all weights.", "use_lora");
    }
}

/// <summary>The model that a run begins with.</summary>
internal sealed record ModelConfig
{
    [Setting("The model to begin with: folder, weights file or id.", Sources.OpenInstruct, IsRequired = true, Text = TextKind.PathOrId)]
    public string ModelNameOrPath { get; init; } = "";

    [Setting("The tokenizer's folder, file or id; the model's own by default.", Sources.OpenInstruct, Text = TextKind.PathOrId)]
    public string? TokenizerNameOrPath { get; init; }

    [Setting("The chat template: a name such as tulu or chatml, or a file; the tokenizer's own by default.",
        Sources.OpenInstruct, Text = TextKind.PathOrName)]
    public string? ChatTemplateName { get; init; }
}
