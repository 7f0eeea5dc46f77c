namespace Octavo.Models;

/// <summary>How a conversion is written.</summary>
public sealed record WriteOptions
{
    /// <summary>True replaces the file that is there, or a folder that holds a model and nothing else.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Told how many numbers were written since the last time.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>
    /// Called with the finished file or folder before it takes its name; what it throws ends the conversion, and what was there stays.
    /// </summary>
    public Action<string>? Check { get; init; }

    /// <summary>Threads that turn numbers; null takes all processors.</summary>
    public int? MaxThreads { get; init; }

    /// <summary>Looked at between chunks; nothing is left behind.</summary>
    public CancellationToken CancellationToken { get; init; }
}
