namespace Octavo.Nn;

/// <summary>How far the fetching of libtorch is.</summary>
/// <param name="What">What is being done, such as "fetching libtorch".</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all; 0 where no amount is known.</param>
public readonly record struct FetchProgress(string What, long Done, long Total);
