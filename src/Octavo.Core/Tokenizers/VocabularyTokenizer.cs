using Octavo.Core.Tokenizers.Inputs;
using Octavo.Core.Tokenizers.Pipeline;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers;

/// <summary>What tokenizers over a vocabulary of spelt pieces share: lookups and inputs.</summary>
internal abstract class VocabularyTokenizer(Vocabulary vocabulary, SpecialIds special) : Tokenizer
{
    /// <summary>The pieces.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>What stands around texts and ends them.</summary>
    public SpecialIds Special { get; } = special;

    public override int VocabularySize => Vocabulary.Size;

    public override int? BosId => Special.Bos;

    public override int? EosId => Special.Eos;

    public override IReadOnlyList<int> StopIds { get; } = Array.AsReadOnly(special.Stop);

    public override InputOptions InputDefaults => Special.InputDefaults;

    public override string Piece(int id) => Vocabulary.Piece(id);

    public override int? IdOf(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return Vocabulary.Id(piece) is >= 0 and var id ? id : null;
    }

    public override bool IsSpecial(int id) => Vocabulary.Kind(id) is TokenKind.Control or TokenKind.Unknown;

    public override IReadOnlyList<EncodedInput> EncodeInputs(IReadOnlyList<(string Text, string? Pair)> inputs,
        InputOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= InputDefaults;
        var encoded = new EncodedInput[inputs.Count];
        for (var i = 0; i < encoded.Length; i++)
        {
            var first = Encode(inputs[i].Text, addSpecial: false, options.ParseSpecial);
            var second = inputs[i].Pair is { } pair ? Encode(pair, addSpecial: false, options.ParseSpecial) : null;
            encoded[i] = InputBuilder.Build(first, second, Special.Layout, options);
        }
        return Array.AsReadOnly(options.Padding is { } padding && encoded.Length > 0
            ? InputBuilder.Pad(encoded, padding)
            : encoded);
    }

    /// <summary>Sends a text through stages and puts around it what belongs there.</summary>
    protected List<Token> Encode(PipelineStages stages, string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        Scalars.RefuseLoneSurrogates(text);
        var tokens = new List<Token>((text.Length / 3) + 4);
        if (addSpecial)
            AddSpecial(tokens, Special.Before);
        new PipelineEncoding(Vocabulary, stages, text, parseSpecial, tokens).Run();
        if (addSpecial)
            AddSpecial(tokens, Special.After);
        return tokens;
    }

    /// <summary>Adds tokens that stand around a text.</summary>
    protected static void AddSpecial(List<Token> tokens, ReadOnlySpan<int> ids)
    {
        foreach (var id in ids)
            tokens.Add(new Token(id, 0, 0));
    }
}
