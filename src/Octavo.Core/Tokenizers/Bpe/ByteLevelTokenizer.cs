using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>Byte-level byte-pair encoding: text becomes UTF-8, its bytes are joined by rank within the words that the
/// pre-tokenizer gives.</summary>
internal sealed class ByteLevelTokenizer(string kind, Vocabulary vocabulary, SpecialIds special, BytePipeline pipeline)
    : ByteTokenizer(vocabulary, special)
{
    public override string Kind => kind;

    public override IReadOnlyList<Token> Encode(string text, bool addSpecial = false, bool parseSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        Scalars.RefuseLoneSurrogates(text);
        var encoding = new ByteLevelEncoding(Vocabulary, pipeline, parseSpecial, text.Length);
        if (addSpecial)
            AddSpecial(encoding.Tokens, Special.Before);
        encoding.AddText(text);
        if (addSpecial)
            AddSpecial(encoding.Tokens, Special.After);
        return encoding.Tokens;
    }

    protected override int WritePiece(string piece, TokenKind kind, Span<byte> destination)
    {
        // A piece with a letter that spells no byte stands for itself, and so do texts of the user's.
        var count = kind == TokenKind.Normal ? ByteAlphabet.Decode(piece, destination) : -1;
        return count < 0 ? Encoding.UTF8.GetBytes(piece, destination) : count;
    }
}
