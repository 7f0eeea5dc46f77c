using System.Text.Json;
using Octavo.Core;

namespace Octavo.Training.Checkpoints;

/// <summary>Where a schedule stands; checked against the run's own when it goes on.</summary>
/// <param name="Kind">Its course.</param>
/// <param name="Peak">The highest learning rate.</param>
/// <param name="Warmup">Steps of the warm-up.</param>
/// <param name="Total">Steps of the run.</param>
internal sealed record ScheduleState(string Kind, double Peak, long Warmup, long Total);

/// <summary>Everything that a run needs to go on as if it had not stopped, but the tensors: <c>trainer_state.json</c>.</summary>
internal sealed record TrainerState
{
    public const string FileName = "trainer_state.json";
    public const int CurrentFormat = 1;

    /// <summary>The version of this layout.</summary>
    public required int Format { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Epochs finished.</summary>
    public required int Epoch { get; init; }

    /// <summary>Tokens seen, padding not counted.</summary>
    public required long Tokens { get; init; }

    /// <summary>Micro-batches of the optimizer step under way whose gradients are in the checkpoint; 0 between steps.</summary>
    public required int AccumulationIndex { get; init; }

    /// <summary>Where the data stand: what the stream of examples gave.</summary>
    public required JsonElement DataPosition { get; init; }

    public required ScheduleState Schedule { get; init; }

    /// <summary>States of random generators, by name, such as torch and data.</summary>
    public required IReadOnlyDictionary<string, byte[]> RandomStates { get; init; }

    /// <summary>The best loss on the evaluation file so far; null without one.</summary>
    public double? BestMetric { get; init; }

    /// <summary>The step of <see cref="BestMetric"/>.</summary>
    public long? BestStep { get; init; }

    /// <summary>What the settings that decide the run's numbers hash to.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>All settings, as YAML values.</summary>
    public required IReadOnlyDictionary<string, string> Config { get; init; }

    /// <summary>Versions of what computed, by name.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>The file of it.</summary>
    public CheckpointPart ToPart() =>
        CheckpointPart.Of(FileName, JsonSerializer.SerializeToUtf8Bytes(this, CheckpointJson.Default.TrainerState));

    /// <summary>Reads it from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is not there, damaged, or of a newer program.</exception>
    public static TrainerState Of(StoredCheckpoint checkpoint)
    {
        var path = checkpoint.PathOf(FileName);
        try
        {
            var state = JsonSerializer.Deserialize(checkpoint.Read(FileName), CheckpointJson.Default.TrainerState)
                ?? throw new CheckpointException($"{path}: it is empty.");
            if (state.Format != CurrentFormat)
                throw new CheckpointException($"{path}: it is of format {state.Format}; this program reads {CurrentFormat}.");
            return state.Step == checkpoint.Step
                ? state
                : throw new CheckpointException($"{path}: it is of step {state.Step} in a checkpoint of step {checkpoint.Step}.");
        }
        catch (JsonException error)
        {
            throw new CheckpointException($"{path}: it is no state of a run: {error.Message}", error);
        }
    }
}
