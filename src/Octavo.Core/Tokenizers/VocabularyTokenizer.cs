using System.Buffers;
using System.Text;

namespace Octavo.Core.Tokenizers;

/// <summary>What tokenizers over a vocabulary of spelt pieces share: lookups and decoding.</summary>
internal abstract class VocabularyTokenizer(Vocabulary vocabulary, SpecialIds special) : Tokenizer
{
    // A UTF-16 unit is at most three bytes of UTF-8.
    private const int BytesPerUnit = 3;

    protected Vocabulary Vocabulary { get; } = vocabulary;

    protected SpecialIds Special { get; } = special;

    public override int VocabularySize => Vocabulary.Size;

    public override int? BosId => Special.Bos;

    public override int? EosId => Special.Eos;

    public override IReadOnlyList<int> StopIds { get; } = Array.AsReadOnly(special.Stop);

    /// <summary>Whether the first space of a decoded text was put there by encoding and is taken off again.</summary>
    public virtual bool DropsFirstSpace => false;

    public override string Piece(int id) => Vocabulary.Piece(id);

    public override int? IdOf(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        return Vocabulary.Id(piece) is >= 0 and var id ? id : null;
    }

    public override bool IsSpecial(int id) => Vocabulary.Kind(id) is TokenKind.Control or TokenKind.Unknown;

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(64, ids.Length * 8));
        var count = 0;
        foreach (var id in ids)
        {
            var needed = count + LargestByteCount(id);
            if (needed > bytes.Length)
                Grow(ref bytes, needed, count);
            count += WriteBytes(id, skipSpecial, bytes.AsSpan(count));
        }
        var from = DropsFirstSpace && count > 0 && bytes[0] == (byte)' ' ? 1 : 0;
        var text = Encoding.UTF8.GetString(bytes, from, count - from);
        ArrayPool<byte>.Shared.Return(bytes);
        return text;
    }

    public override TokenDecoder CreateDecoder(bool skipSpecial = true) => new Utf8TokenDecoder(this, skipSpecial, DropsFirstSpace);

    public override TokenDecoder CreateDecoder(bool skipSpecial, bool continues) =>
        new Utf8TokenDecoder(this, skipSpecial, DropsFirstSpace && !continues);

    /// <summary>No more bytes than these come from a token.</summary>
    public int LargestByteCount(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return id < Vocabulary.Size ? Vocabulary.Piece(id).Length * BytesPerUnit : 0;
    }

    /// <summary>Writes the bytes of a token; none for an id beyond the vocabulary, which a padded model can give.</summary>
    /// <returns>How many bytes were written.</returns>
    public int WriteBytes(int id, bool skipSpecial, Span<byte> destination)
    {
        switch (Vocabulary.Kind(id))
        {
            case TokenKind.Normal or TokenKind.Byte:
                return WritePiece(Vocabulary.Piece(id), Vocabulary.Kind(id), destination);
            case TokenKind.UserDefined:
            case TokenKind.Control or TokenKind.Unknown when !skipSpecial:
                return Encoding.UTF8.GetBytes(Vocabulary.Piece(id), destination);
            default:
                return 0;
        }
    }

    /// <summary>Writes the bytes that a normal piece or a byte token spells.</summary>
    protected abstract int WritePiece(string piece, TokenKind kind, Span<byte> destination);

    private static void Grow(ref byte[] bytes, int needed, int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, bytes.Length * 2));
        bytes.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
