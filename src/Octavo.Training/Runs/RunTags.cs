namespace Octavo.Training.Runs;

/// <summary>Names of metrics that reports know how to draw. Any other name may be logged too.</summary>
internal static class RunTags
{
    public const string Loss = "train/loss";
    public const string LearningRate = "train/lr";
    public const string GradientNorm = "train/grad_norm";
    public const string TokensPerSecond = "train/tokens_per_second";
    public const string EvaluationLoss = "eval/loss";

    /// <summary>Bytes that the process has resident.</summary>
    public const string Memory = "system/memory_bytes";
}
