namespace Octavo.Evaluation.Studies;

/// <summary>One thing that a study measures.</summary>
/// <param name="Name">As rows and pages have it.</param>
/// <param name="Unit">Such as "bytes" or "ms"; of a share it is <see cref="Share"/>.</param>
/// <param name="Better">Which way is better.</param>
internal sealed record StudyMetric(string Name, string Unit, Better Better)
{
    /// <summary>The unit of shares: 0 to 1 of a cell's samples. Pages show them in percent and differences in percentage points.</summary>
    public const string Share = "share";

    /// <summary>The metric of the same rows that tells what guessing reaches; null where guessing is no question.</summary>
    public string? Chance { get; init; }

    /// <summary>False of what a clock or the machine decides, such as milliseconds: it differs when the same cell is run again.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Whether it is a share of samples.</summary>
    public bool IsShare => Unit == Share;
}

/// <summary>Which way of a metric is better.</summary>
internal enum Better
{
    /// <summary>Neither.</summary>
    Neither,

    /// <summary>More is.</summary>
    Higher,

    /// <summary>Less is.</summary>
    Lower,
}
