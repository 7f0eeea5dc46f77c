namespace Octavo.Training.Configuration;

/// <summary>How the losses of the tokens of an optimizer step become one number.</summary>
internal enum LossReduction
{
    /// <summary>Sum over the targets of a micro-batch; the mean of those over the micro-batches of the step.</summary>
    Sum,
    /// <summary>Mean over the targets of a micro-batch; the mean of those over the micro-batches of the step.</summary>
    MeanMicro,
    /// <summary>Mean over all targets of the step: what one large batch would give.</summary>
    MeanGlobal,
}

/// <summary>How a share of the run becomes a number of warm-up steps.</summary>
internal enum WarmupRounding
{
    /// <summary>Down: open-instruct.</summary>
    Truncate,
    /// <summary>Up: transformers.</summary>
    Up,
}

/// <summary>What numbers are computed and stored in.</summary>
internal enum TrainType
{
    /// <summary>float32 on a CPU.</summary>
    Auto,
    Float32,
    Bfloat16,
}

/// <summary>What is done with an example that is longer than max_seq_length.</summary>
internal enum Truncation
{
    /// <summary>Its end is cut off.</summary>
    Right,
    /// <summary>It is left out, and counted.</summary>
    Drop,
    /// <summary>The run is refused.</summary>
    Error,
}

/// <summary>What happens when a loss or gradient stands out.</summary>
internal enum SpikeAction
{
    /// <summary>The batch is saved and told, and the run goes on.</summary>
    Warn,
    /// <summary>The batch is saved and the run ends.</summary>
    Stop,
}

/// <summary>Where metrics are written.</summary>
internal enum Reporter
{
    /// <summary>The database of runs, which 'octavo runs' reads.</summary>
    Sqlite,
    /// <summary>TensorBoard's event files.</summary>
    Tensorboard,
    /// <summary>A page with curves when the run ends.</summary>
    Html,
}
