namespace Octavo.Engine;

/// <summary>What became of a prompt that was put together from chunks.</summary>
/// <param name="Held">Tokens at its beginning whose keys and values were there already, computed with all that stands before them.</param>
/// <param name="FromChunks">Tokens behind them that were found in chunks.</param>
/// <param name="Recomputed">For each layer how many of the tokens behind <paramref name="Held"/> ran through it. Values of all of them are computed in the second layer too, to pick those that run on.</param>
public sealed record BlendReport(int Held, int FromChunks, IReadOnlyList<int> Recomputed);
