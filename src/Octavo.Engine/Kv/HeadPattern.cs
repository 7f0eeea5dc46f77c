namespace Octavo.Engine.Kv;

/// <summary>What MInference's search found for one head, as its pattern files say it: <c>[type, V, S, score]</c>.</summary>
/// <param name="Type"><c>vertical_and_slash</c>, <c>stream_llm</c> or <c>block_sparse</c>.</param>
/// <param name="Vertical">Columns; the first tokens of stream_llm; block_sparse's blocks per row of blocks.</param>
/// <param name="Slash">Diagonals; the window of stream_llm; not used by block_sparse.</param>
/// <param name="Score">The share of attention that the search saw it keep; not used.</param>
public sealed record HeadPattern(string Type, int Vertical, int Slash, double Score = 1)
{
    /// <summary>Columns and diagonals that the prompt's last rows look at.</summary>
    public const string VerticalSlash = "vertical_and_slash";

    /// <summary>The first tokens and a window.</summary>
    public const string Streaming = "stream_llm";

    /// <summary>Blocks of keys whose mean fits the mean of a block of queries.</summary>
    public const string BlockSparse = "block_sparse";
}
