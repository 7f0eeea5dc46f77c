namespace Octavo.Engine;

/// <summary>What the chunk store of a model holds and has done.</summary>
/// <param name="Lookups">Prompts that were looked through.</param>
/// <param name="Hits">Chunks that were found in them.</param>
/// <param name="Chunks">Chunks that can be found.</param>
/// <param name="Bytes">Bytes of their pages in all layers; pages that a sequence shares are counted here too.</param>
/// <param name="Limit">The most bytes.</param>
/// <param name="Evictions">Chunks that had to make room.</param>
public readonly record struct ChunkStoreStatistics(long Lookups, long Hits, int Chunks, long Bytes, long Limit, long Evictions);
