namespace Octavo.Engine.Kv;

/// <summary>How keys and values of a prompt are packed once it was read.</summary>
/// <param name="Bits">Bits of a number: 1, 2, 4 or 8.</param>
/// <param name="Group">Tokens of a channel's keys, or channels of a token's values, that share a scale and a zero point: 8, 16, 32 or 64.</param>
/// <param name="Residual">Tokens at the end that stay as they are, at least.</param>
public readonly record struct KvPacking(int Bits, int Group, int Residual);
