using Octavo.Core;

namespace Octavo.Nn;

/// <summary>How libtorch is made ready and how it computes.</summary>
public sealed record TorchOptions
{
    /// <summary>Threads of one operation; null leaves libtorch's own choice, one for each core.</summary>
    public int? Threads { get; init; }

    /// <summary>Told how far the fetching is, at most a few times a second; not called where nothing is fetched.</summary>
    public Action<FetchProgress>? Progress { get; init; }

    /// <exception cref="ConfigException">A value makes no sense.</exception>
    internal void Validate()
    {
        if (Threads is < 1)
            throw new ConfigException($"{Threads} threads are too few for libtorch; give 1 or more.");
    }
}
