using Octavo.Core.Tokenizers.Decoders;

namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>A tokenizer put together from stages, each as its file says.</summary>
internal sealed class PipelineTokenizer(string kind, Vocabulary vocabulary, SpecialIds special, PipelineStages stages,
    DecoderStep decoder)
    : VocabularyTokenizer(vocabulary, special)
{
    public override string Kind => kind;

    public override IReadOnlyList<Token> Encode(string text, bool addSpecial = false, bool parseSpecial = true) =>
        Encode(stages, text, addSpecial, parseSpecial);

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true)
    {
        var sink = new TextSink();
        var first = decoder.Start(sink, continues: false, fused: false);
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id);
            if (Text(id, skipSpecial) is not { } token)
                continue;
            first.Whole(token);
        }
        first.End();
        return sink.Take();
    }

    public override TokenDecoder CreateDecoder(bool skipSpecial = true) => CreateDecoder(skipSpecial, continues: false);

    public override TokenDecoder CreateDecoder(bool skipSpecial, bool continues) =>
        new ChainTokenDecoder(id => Text(id, skipSpecial), decoder, continues);

    // Ids without a piece, which padded models can give, have no text.
    private string? Text(int id, bool skipSpecial) => Vocabulary.Kind(id) switch
    {
        TokenKind.None => null,
        TokenKind.Control when skipSpecial => null,
        _ => Vocabulary.Piece(id),
    };
}
