namespace Octavo.Bench.Tokenizers;

/// <summary>A tokenizer that is timed.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Encode">Encodes a text without tokens around it and gives the ids.</param>
internal sealed record Contender(string Name, Func<string, int[]> Encode);
