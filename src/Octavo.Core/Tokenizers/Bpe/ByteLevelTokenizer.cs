using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>Byte-level byte-pair encoding: text becomes UTF-8, its bytes are joined by rank within the words that the pre-tokenizer gives.</summary>
internal sealed class ByteLevelTokenizer(string kind, Vocabulary vocabulary, SpecialIds special, BytePipeline pipeline)
    : VocabularyTokenizer(vocabulary, special)
{
    public override string Kind => kind;

    public override IReadOnlyList<Token> Encode(string text, bool addSpecial = false, bool parseSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        Scalars.RefuseLoneSurrogates(text);
        var encoding = new ByteLevelEncoding(Vocabulary, pipeline, parseSpecial, text.Length);
        if (addSpecial)
            encoding.AddSpecial(Special.Before);
        encoding.AddText(text);
        if (addSpecial)
            encoding.AddSpecial(Special.After);
        return encoding.Tokens;
    }

    protected override int WritePiece(string piece, TokenKind kind, Span<byte> destination)
    {
        // A piece with a letter that spells no byte stands for itself.
        var count = ByteAlphabet.Decode(piece, destination);
        return count < 0 ? Encoding.UTF8.GetBytes(piece, destination) : count;
    }
}
