using Octavo.Training.Configuration;

namespace Octavo.Systems.ScBench.Toy;

/// <summary>The toy model from nothing: <c>octavo train scbench-toy</c>.</summary>
internal sealed record ToyConfig : INamedConfig
{
    public static string Recipe => "scbench-toy";

    [Setting("The folder that the model is written into; it is replaced where it is there.", Sources.Octavo, IsRequired = true, Text = TextKind.Path)]
    public string OutputDir { get; init; } = "";

    [Setting("Where all random numbers start: the first weights and every context.", Sources.Octavo, AtLeast = 0)]
    public long Seed { get; init; } = 1;

    [Setting("Steps at most; the learning rate falls to 0 over them.", Sources.Octavo, AtLeast = 1)]
    public long MaxTrainSteps { get; init; } = 3000;

    [Setting("The highest learning rate.", Sources.Octavo, Above = 0)]
    public double LearningRate { get; init; } = 2e-3;

    [Setting("Steps over which the learning rate rises from 0.", Sources.Octavo, AtLeast = 0)]
    public long WarmupSteps { get; init; } = 100;

    [Setting("Contexts of each step.", Sources.Octavo, AtLeast = 1)]
    public int BatchSize { get; init; } = 32;

    [Setting("Questions on each context.", Sources.Octavo, AtLeast = 1, AtMost = ToyTask.MostTurns)]
    public int Queries { get; init; } = 8;

    [Setting("The running accuracy at which the number of pairs doubles: 4, 8, 16, 32.", Sources.Octavo, Above = 0, AtMost = 1)]
    public double Promotion { get; init; } = 0.95;

    [Setting("The accuracy on fresh contexts of 32 pairs at which training ends; at most 1.", Sources.Octavo, Above = 0, AtMost = 1)]
    public double Goal { get; init; } = 0.999;

    [Setting("AdamW's weight decay.", Sources.Torch, AtLeast = 0)]
    public double WeightDecay { get; init; } = 0.01;

    [Setting("Standard deviation of the first matrices: torch's for 64 columns, 1/√(3·64).", Sources.Torch, Above = 0)]
    public double InitializerRange { get; init; } = 0.072;

    [Setting("Standard deviation of the first embeddings: torch's. With 0.02 or 0.125 the heads that look back do not form within 2,000 steps.", Sources.Torch, Above = 0)]
    public double EmbeddingRange { get; init; } = 1;

    [Setting("Threads that compute; the last digits of weights may depend on it.", Sources.Octavo, AtLeast = 1)]
    public int Threads { get; init; } = 1;
}
