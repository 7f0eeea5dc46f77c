using System.Text;

namespace Octavo.Core.Tokenizers;

/// <summary>Joins the bytes of a stream of tokens and gives out characters as soon as they are whole, or certain to be no
/// UTF-8.</summary>
internal sealed class Utf8TokenDecoder(ByteTokenizer tokenizer, bool skipSpecial, FirstSpaces drops) : TokenDecoder
{
    private readonly Decoder _utf8 = new UTF8Encoding(false).GetDecoder();
    private FirstSpaces _drops = drops;
    private byte[] _bytes = new byte[64];
    private char[] _chars = new char[64];

    public override string Append(int id)
    {
        var largest = tokenizer.LargestByteCount(id);
        if (largest > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(largest, _bytes.Length * 2));
        var bytes = _bytes.AsSpan(0, tokenizer.WriteBytes(id, skipSpecial, _bytes, ref _drops));
        return bytes.Length == 0 ? "" : Read(bytes, flush: false);
    }

    public override string Flush() => Read([], flush: true);

    private string Read(ReadOnlySpan<byte> bytes, bool flush)
    {
        // Held-back bytes can add at most three characters.
        if (bytes.Length + 3 > _chars.Length)
            Array.Resize(ref _chars, Math.Max(bytes.Length + 3, _chars.Length * 2));
        var count = _utf8.GetChars(bytes, _chars, flush);
        return count == 0 ? "" : new string(_chars, 0, count);
    }
}
