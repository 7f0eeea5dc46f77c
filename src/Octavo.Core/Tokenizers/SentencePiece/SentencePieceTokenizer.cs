using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.SentencePiece;

/// <summary>SentencePiece's byte-pair encoding: characters join by the score of what they make; what has no piece becomes bytes.</summary>
internal sealed class SentencePieceTokenizer(
    string kind, Vocabulary vocabulary, SpecialIds special, SentencePieceModel model, AddedTokenTrie added)
    : VocabularyTokenizer(vocabulary, special)
{
    public override string Kind => kind;

    public override bool DropsFirstSpace => model.PrefixSpace;

    public override IReadOnlyList<Token> Encode(string text, bool addSpecial = false, bool parseSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        Scalars.RefuseLoneSurrogates(text);
        var encoding = new SentencePieceEncoding(Vocabulary, model, text.Length);
        var tokens = encoding.Tokens;
        if (addSpecial)
            AddSpecial(tokens, Special.Before);
        int taken = 0, search = 0, place = 0;
        while (added.Next(text, taken, ref search, parseSpecial) is { } match)
        {
            place = encoding.Add(text.AsSpan()[taken..match.Start], place);
            taken = match.End;
            var end = place + Scalars.Count(text.AsSpan()[match.Start..taken]);
            tokens.Add(new Token(match.Token.Id, place, end));
            place = end;
        }
        encoding.Add(text.AsSpan(taken), place);
        if (addSpecial)
            AddSpecial(tokens, Special.After);
        return tokens;
    }

    protected override int WritePiece(string piece, TokenKind kind, Span<byte> destination)
    {
        if (kind == TokenKind.Byte)
        {
            destination[0] = (byte)SentencePieceModel.ByteOf(piece);
            return 1;
        }
        var count = 0;
        var rest = piece.AsSpan();
        for (var space = rest.IndexOf(SentencePieceModel.Space); space >= 0; space = rest.IndexOf(SentencePieceModel.Space))
        {
            count += Encoding.UTF8.GetBytes(rest[..space], destination[count..]);
            destination[count++] = (byte)' ';
            rest = rest[(space + 1)..];
        }
        return count + Encoding.UTF8.GetBytes(rest, destination[count..]);
    }

    private static void AddSpecial(List<Token> tokens, ReadOnlySpan<int> ids)
    {
        foreach (var id in ids)
            tokens.Add(new Token(id, 0, 0));
    }
}
