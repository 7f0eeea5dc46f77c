namespace Octavo.Training.Configuration;

/// <summary>A new model from texts: <c>octavo train pretrain</c>.</summary>
internal sealed record PretrainConfig : IRecipeConfig
{
    public static string Recipe => "pretrain";

    [Inline]
    public NewModelConfig Model { get; init; } = new();

    [Inline]
    public TextDataConfig Data { get; init; } = new();

    [Inline]
    public TrainConfig Train { get; init; } = new();

    TrainConfig IRecipeConfig.Shared => Train;
}

/// <summary>A model that is not there yet.</summary>
internal sealed record NewModelConfig
{
    [Setting("The new model: nano (1 million parameters), micro (5 million), mini (16 million), or a config.json.", Sources.Octavo,
        IsRequired = true, Text = TextKind.PathOrName)]
    public string ConfigName { get; init; } = "";

    [Setting("The tokenizer: a folder, file or id; its vocabulary must not be larger than the model's.", Sources.OpenInstruct,
        IsRequired = true, Text = TextKind.PathOrId)]
    public string TokenizerNameOrPath { get; init; } = "";

    /// <summary>The named shape, or null where ConfigName is a file.</summary>
    public NewModelShape? Shape => NewModelShape.All.GetValueOrDefault(ConfigName);
}

/// <summary>Texts to learn from, each a document; they are always packed into whole rows.</summary>
internal sealed record TextDataConfig : IHasProblems
{
    [Setting("Files of text (one document each), JSONL or Parquet with a text column, or folders of those.",
        Sources.Octavo, IsRequired = true, Text = TextKind.Path)]
    public IReadOnlyList<string> TextFiles { get; init; } = [];

    [Setting("The column of the text in JSONL and Parquet.", Sources.Octavo)]
    public string TextColumn { get; init; } = "text";

    public IEnumerable<ConfigProblem> Problems()
    {
        if (TextFiles.Any(string.IsNullOrWhiteSpace))
            yield return new("text_files", "has an empty name in it.");
    }
}

/// <summary>The shape of a small Llama with tied embeddings.</summary>
/// <param name="VocabularySize">Rows of the embedding.</param>
/// <param name="HiddenSize">Width.</param>
/// <param name="IntermediateSize">Width inside the feed-forward part.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key and value heads.</param>
/// <param name="HeadSize">Width of a head.</param>
internal sealed record NewModelShape(
    int VocabularySize, int HiddenSize, int IntermediateSize, int Layers, int Heads, int KeyValueHeads, int HeadSize)
{
    /// <summary>The shapes by name.</summary>
    public static IReadOnlyDictionary<string, NewModelShape> All { get; } = new Dictionary<string, NewModelShape>(StringComparer.Ordinal)
    {
        ["nano"] = new(2048, 128, 384, 4, 4, 2, 32),
        ["micro"] = new(4096, 256, 704, 6, 4, 2, 64),
        ["mini"] = new(8192, 384, 1024, 8, 6, 2, 64),
    };

    /// <summary>Parameters, the tied embedding counted once.</summary>
    public long Parameters
    {
        get
        {
            var attention = (2L * HiddenSize * Heads * HeadSize) + (2L * HiddenSize * KeyValueHeads * HeadSize);
            var layer = attention + (3L * HiddenSize * IntermediateSize) + (2L * HiddenSize);
            return ((long)VocabularySize * HiddenSize) + (Layers * layer) + HiddenSize;
        }
    }
}
