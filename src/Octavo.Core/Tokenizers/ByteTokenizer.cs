using System.Buffers;
using System.Text;

namespace Octavo.Core.Tokenizers;

/// <summary>What tokenizers share whose tokens stand for bytes, each by itself.</summary>
internal abstract class ByteTokenizer(Vocabulary vocabulary, SpecialIds special) : VocabularyTokenizer(vocabulary, special)
{
    // A UTF-16 unit is at most three bytes of UTF-8.
    private const int BytesPerUnit = 3;

    // What pieces stand for, by id, worked out when first met; two threads may work out one alike.
    private readonly byte[]?[] _texts = new byte[vocabulary.Size][];

    /// <summary>Which spaces at the beginning of a decoded text were put there by encoding and are taken off again.</summary>
    public virtual FirstSpaces Drops => FirstSpaces.Keep;

    public override string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Max(64, ids.Length * 8));
        var count = 0;
        var drops = Drops;
        foreach (var id in ids)
        {
            var needed = count + LargestByteCount(id);
            if (needed > bytes.Length)
                Grow(ref bytes, needed, count);
            count += WriteBytes(id, skipSpecial, bytes.AsSpan(count), ref drops);
        }
        var text = Encoding.UTF8.GetString(bytes, 0, count);
        ArrayPool<byte>.Shared.Return(bytes);
        return text;
    }

    public override TokenDecoder CreateDecoder(bool skipSpecial = true) => new Utf8TokenDecoder(this, skipSpecial, Drops);

    public override TokenDecoder CreateDecoder(bool skipSpecial, bool continues) =>
        new Utf8TokenDecoder(this, skipSpecial, continues ? FirstSpaces.Keep : Drops);

    /// <summary>No more bytes than these come from a token.</summary>
    public int LargestByteCount(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return id < Vocabulary.Size ? LargestText(id) * BytesPerUnit : 0;
    }

    /// <summary>Writes the bytes of a token; none for an id beyond the vocabulary, which a padded model can give.</summary>
    /// <param name="id">The token.</param>
    /// <param name="skipSpecial">Whether special tokens are left out.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="drops">Which spaces are still to be taken off; changed as soon as something else comes.</param>
    /// <returns>How many bytes were written.</returns>
    public int WriteBytes(int id, bool skipSpecial, Span<byte> destination, ref FirstSpaces drops)
    {
        var count = WriteBytes(id, skipSpecial, destination);
        if (drops == FirstSpaces.Keep || count == 0)
            return count;
        // A space that came as a byte or stands for unknown text was not put there by encoding.
        var isSpace = destination[0] == (byte)' ' && Vocabulary.Kind(id) is TokenKind.Normal or TokenKind.UserDefined;
        if (isSpace)
            destination[1..count].CopyTo(destination);
        count -= isSpace ? 1 : 0;
        if (count > 0 || drops == FirstSpaces.DropOne)
            drops = FirstSpaces.Keep;
        return count;
    }

    /// <summary>The length of the longest text that a token can stand for, in UTF-16 units.</summary>
    protected virtual int LargestText(int id) => Vocabulary.Piece(id).Length;

    /// <summary>Writes the bytes that a piece that is no control stands for.</summary>
    protected abstract int WritePiece(string piece, TokenKind kind, Span<byte> destination);

    private int WriteBytes(int id, bool skipSpecial, Span<byte> destination)
    {
        var kind = Vocabulary.Kind(id);
        return kind switch
        {
            TokenKind.Normal or TokenKind.Byte or TokenKind.UserDefined => CopyText(id, kind, destination),
            TokenKind.Unknown when !skipSpecial => CopyText(id, kind, destination),
            TokenKind.Control when !skipSpecial => Encoding.UTF8.GetBytes(Vocabulary.Piece(id), destination),
            _ => 0,
        };
    }

    private int CopyText(int id, TokenKind kind, Span<byte> destination)
    {
        if (_texts[id] is not { } text)
        {
            var count = WritePiece(Vocabulary.Piece(id), kind, destination);
            _texts[id] = destination[..count].ToArray();
            return count;
        }
        text.CopyTo(destination);
        return text.Length;
    }

    private static void Grow(ref byte[] bytes, int needed, int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, bytes.Length * 2));
        bytes.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
