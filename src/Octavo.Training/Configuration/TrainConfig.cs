namespace Octavo.Training.Configuration;

/// <summary>
/// What every recipe has: batches, optimizer, schedule, numbers, checkpoints, figures. One optimizer step is the unit of all steps.
/// </summary>
internal sealed record TrainConfig : IHasProblems
{
    [Setting("The folder of the run: checkpoints, figures, the resolved configuration, the finished model.", Sources.OpenInstruct,
        IsRequired = true, Text = TextKind.Path, OnResume = OnResume.Free)]
    public string OutputDir { get; init; } = "";

    [Setting("What the run is called in lists and charts; the output folder's name by default.",
        Sources.OpenInstruct, OnResume = OnResume.Free)]
    public string? RunName { get; init; }

    [Setting("Where all random numbers of the run start.", Sources.OpenInstruct, AtLeast = 0)]
    public long Seed { get; init; } = 42;

    [Setting("Tokens of an example at most; the model's context by default.", Sources.OpenInstruct, AtLeast = 2)]
    public int? MaxSeqLength { get; init; }

    [Setting("How often all data are seen.", Sources.OpenInstruct, AtLeast = 1)]
    public int NumTrainEpochs { get; init; } = 2;

    [Setting("Optimizer steps of the run; decides instead of num_train_epochs.", Sources.OpenInstruct, AtLeast = 1)]
    public long? MaxTrainSteps { get; init; }

    [Setting("Examples (rows, when packed) that are computed at once.", Sources.OpenInstruct, AtLeast = 1)]
    public int PerDeviceTrainBatchSize { get; init; } = 8;

    [Setting("Such batches per optimizer step; the effective batch is the product.", Sources.OpenInstruct, AtLeast = 1)]
    public int GradientAccumulationSteps { get; init; } = 1;

    [Setting("How token losses become one: sum (the published Tulu 3 runs), mean_micro (mean of each batch, then of these) or mean_global "
        + "(mean over all targets of the step).", Sources.OpenInstruct + "; the default is octavo's")]
    public LossReduction ReduceLoss { get; init; } = LossReduction.MeanGlobal;

    [Setting("Computes layers again in the backward pass instead of keeping what they gave: less memory, about a third slower.",
        Sources.OpenInstruct)]
    public bool GradientCheckpointing { get; init; }

    [Setting("What is computed in; auto is float32 on a CPU.", Sources.Octavo)]
    public TrainType Dtype { get; init; } = TrainType.Auto;

    [Setting("Keeps the weights that are trained in float32 when dtype is bfloat16; without, they and their gradients are bfloat16 alone, and steps that are "
        + "too small for it are lost (a warning says so).", Sources.Octavo)]
    public bool MasterWeights { get; init; } = true;

    [Setting("Threads that compute; all processors by default.", Sources.Octavo, AtLeast = 1, OnResume = OnResume.Warned)]
    public int? Threads { get; init; }

    [Setting("Memory that the run may take, in GiB; what the machine has free by default.",
        Sources.Octavo, Above = 0, OnResume = OnResume.Free)]
    public double? MemoryLimitGb { get; init; }

    [Inline]
    public OptimizerConfig Optimizer { get; init; } = new();

    [Inline]
    public ScheduleConfig Schedule { get; init; } = new();

    [Inline]
    public CheckpointConfig Checkpoints { get; init; } = new();

    [Inline]
    public ReportConfig Reports { get; init; } = new();

    /// <summary>Stops or tells when a loss or gradient stands out. A loss that is not a number always stops.</summary>
    [Section]
    public SpikeGuardConfig SpikeGuard { get; init; } = new();

    /// <summary>Examples (rows, when packed) of one optimizer step.</summary>
    public long EffectiveBatch => (long)PerDeviceTrainBatchSize * GradientAccumulationSteps;

    public IEnumerable<ConfigProblem> Problems()
    {
        if (!MasterWeights && Dtype != TrainType.Bfloat16)
            yield return new("master_weights", "is false, but only 'dtype: bfloat16' has master weights beside its own. Remove it.");
    }
}
