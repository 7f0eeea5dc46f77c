using Octavo.Core.Tokenizers.Inputs;

namespace Octavo.Core.Tokenizers;

/// <summary>The ids that stand around texts and end one.</summary>
/// <param name="Bos">The token that begins a text.</param>
/// <param name="Eos">The token that ends a text.</param>
/// <param name="Layout">What stands around texts that are encoded with special tokens.</param>
/// <param name="Stop">Ids that end a generation.</param>
internal sealed record SpecialIds(int? Bos, int? Eos, InputLayout Layout, int[] Stop)
{
    /// <summary>Put before a text that is encoded with special tokens.</summary>
    public int[] Before { get; } = Layout.Before;

    /// <summary>Put after it.</summary>
    public int[] After { get; } = Layout.After;

    /// <summary>How texts become inputs where the caller does not say.</summary>
    public InputOptions InputDefaults { get; init; } = new();

    // Spellings by which published models end a turn or a text.
    private static ReadOnlySpan<string> EndSpellings =>
        new[] { "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>" };

    /// <summary>Joins ids that a file names with the end tokens that the vocabulary holds as special tokens.</summary>
    public static int[] StopIds(Vocabulary vocabulary, int? eos, int? endOfTurn, int? endOfMessage)
    {
        List<int> stop = [];
        AddTo(stop, eos ?? -1);
        AddTo(stop, endOfTurn ?? -1);
        AddTo(stop, endOfMessage ?? -1);
        foreach (var spelling in EndSpellings)
            AddTo(stop, vocabulary.SpecialId(spelling));
        return [.. stop];
    }

    private static void AddTo(List<int> stop, int id)
    {
        if (id >= 0 && !stop.Contains(id))
            stop.Add(id);
    }
}
