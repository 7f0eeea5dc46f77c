namespace Octavo.Bench.Tokenizers;

/// <summary>
/// A tokenizer that is timed, behind what each of them can do. The timed calls give what its own interface gives, unconverted.
/// </summary>
/// <param name="Encode">Encodes a text and gives the number of tokens.</param>
/// <param name="Ids">The ids of a text, with or without what the file wants around it; only Octavo heeds the flag.</param>
/// <param name="Decoding">Makes ready, outside the clock, to decode some ids.</param>
internal sealed record Racer(Func<string, int> Encode, Func<string, bool, int[]> Ids, Func<int[], Func<string>> Decoding)
    : IDisposable
{
    /// <summary>Whether what it encodes has around it what the file asks for.</summary>
    public bool AddsSpecial { get; init; } = true;

    /// <summary>What has to be let go of.</summary>
    public IDisposable? Native { get; init; }

    public void Dispose() => Native?.Dispose();
}

/// <summary>A tokenizer and how to load it.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Load">Loads one that has seen no text.</param>
internal sealed record Contender(string Name, Func<Racer> Load);

/// <summary>A tokenizer file with those that read it, Octavo first.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Algorithm">What it is, for people.</param>
/// <param name="Contenders">Who reads it.</param>
internal sealed record TokenizerKind(string Name, string Algorithm, Contender[] Contenders);
