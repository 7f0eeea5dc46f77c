using Octavo.Core.Store;

namespace Octavo.Training.Recipes;

/// <summary>What a recipe gets from the program that runs it.</summary>
/// <param name="Models">Finds models by path or id.</param>
/// <param name="Tell">Gets one sentence at a time that a user should know.</param>
/// <param name="Progress">Told of each step.</param>
/// <param name="Commit">The state of the sources.</param>
/// <param name="Machine">Processor, count, system: one line.</param>
/// <param name="CommandLine">What was typed.</param>
/// <param name="FreeMemory">Bytes that the process may take before others are pushed out; read before weights are loaded.</param>
/// <param name="Cancellation">Ends the run after the step under way, with a checkpoint.</param>
internal sealed record RunHost(
    ModelStore Models, Action<string> Tell, Action<StepReport> Progress, string Commit, string Machine, string CommandLine,
    long FreeMemory, CancellationToken Cancellation);

/// <summary>What is known after an optimizer step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Total">Steps of the run.</param>
/// <param name="Epoch">Where the run is in its epochs: 0.5 is the middle of the first.</param>
/// <param name="Loss">Mean loss of the step's targets in nats.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Tokens">Tokens of the run so far, without padding.</param>
/// <param name="TokensPerSecond">Of this step.</param>
internal sealed record StepReport(
    long Step, long Total, double Epoch, double Loss, double LearningRate, double GradientNorm, long Tokens, double TokensPerSecond);

/// <summary>How a run came out.</summary>
/// <param name="Steps">Steps done, those before a resumption included.</param>
/// <param name="Tokens">Tokens seen.</param>
/// <param name="Loss">Mean loss of the last steps' targets.</param>
/// <param name="EvaluationLoss">The last loss on the evaluation file; null without one.</param>
/// <param name="Model">The folder of the trained model or adapter; null where the run was stopped before its end.</param>
/// <param name="Seconds">Time of this process.</param>
/// <param name="PeakBytes">The most memory that the process had.</param>
internal sealed record RunOutcome(long Steps, long Tokens, double Loss, double? EvaluationLoss, string? Model, double Seconds, long PeakBytes);
