namespace Octavo.Engine.Kv;

/// <summary>How a prompt is put together from chunks that were read alone.</summary>
/// <param name="Chunk">Tokens of a chunk: a multiple of 64.</param>
/// <param name="Ratio">The share of the chunks' tokens that is computed anew behind the first layer, rounded down.</param>
/// <param name="MinTokens">Where fewer tokens are found in chunks, nothing is blended.</param>
public readonly record struct KvBlend(int Chunk, double Ratio, int MinTokens);
