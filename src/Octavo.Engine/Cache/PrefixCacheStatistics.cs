namespace Octavo.Engine;

/// <summary>What the prefix cache of a model holds and has done.</summary>
/// <param name="Lookups">Prompts that were looked for.</param>
/// <param name="Hits">Those for which pages were taken.</param>
/// <param name="TokensReused">Tokens whose keys and values were taken and not computed.</param>
/// <param name="Pages">Pages of 64 tokens that can be found, in memory or in a file.</param>
/// <param name="Bytes">Bytes of those in memory, in all layers; sequences that use the same pages take no more.</param>
/// <param name="Limit">The most bytes.</param>
/// <param name="Evictions">Pages that had to make room.</param>
public readonly record struct PrefixCacheStatistics(
    long Lookups, long Hits, long TokensReused, int Pages, long Bytes, long Limit, long Evictions);
