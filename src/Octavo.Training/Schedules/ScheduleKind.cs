using System.Text.Json.Serialization;

namespace Octavo.Training.Schedules;

/// <summary>The course of a learning rate after its warm-up.</summary>
internal enum ScheduleKind
{
    /// <summary>Falls evenly to 0.</summary>
    Linear,
    /// <summary>Falls to 0 along half a cosine wave.</summary>
    Cosine,
    /// <summary>Several of those, one after the other.</summary>
    CosineWithRestarts,
    /// <summary>Falls along half a cosine wave to a share of the highest.</summary>
    CosineWithMinLr,
    /// <summary>Falls along a power of the rest of the run.</summary>
    Polynomial,
    /// <summary>Stays; has no warm-up.</summary>
    Constant,
    /// <summary>Stays, after a warm-up.</summary>
    ConstantWithWarmup,
    /// <summary>Falls with the root of the step.</summary>
    InverseSqrt,
    /// <summary>Stays, and falls in the last part of the run.</summary>
    WarmupStableDecay,
}

/// <summary>The line that a rise or fall follows.</summary>
internal enum ScheduleShape
{
    Linear,
    Cosine,
    /// <summary>One minus the root of the share that is over.</summary>
    [JsonStringEnumMemberName("1-sqrt")]
    OneMinusSqrt,
}
