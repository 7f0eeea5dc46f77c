using System.Buffers;
using System.Globalization;
using System.Text;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Reads a plain text a part at a time. Parts end where words of every pre-tokenizer that training knows do: behind a line end that has
/// no white space beside it, or before the last of several spaces.</summary>
internal static class PlainText
{
    private const int UsualPart = TextBlocks.FullLength * 2;

    // A text without such a place is cut wherever a character ends.
    private const int LongestPart = 1 << 24;

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="blocks">Takes the parts.</param>
    /// <returns>How many bytes there were.</returns>
    public static long Read(Stream stream, string path, TextBlocks blocks)
    {
        var buffer = new byte[UsualPart];
        var (have, start) = (0, 0L);
        while (true)
        {
            var got = stream.ReadAtLeast(buffer.AsSpan(have), buffer.Length - have, throwOnEndOfStream: false);
            var isEnd = got < buffer.Length - have;
            have += got;
            var from = start == 0 && buffer.AsSpan(0, have).StartsWith(Mark) ? Mark.Length : 0;
            var cut = isEnd ? have : Cut(buffer.AsSpan(0, have));
            if (!isEnd && cut == 0 && have < LongestPart)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
                continue;
            }
            if (!isEnd && cut == 0)
                cut = CharacterEnd(buffer.AsSpan(0, have));
            blocks.Add(buffer.AsSpan(from, cut - from),
                string.Create(CultureInfo.InvariantCulture, $"{path}, somewhere in the {cut} bytes from {start} on"));
            if (isEnd)
                return start + have;
            var rest = buffer.AsSpan(cut, have - cut);
            if (buffer.Length > UsualPart && rest.Length < UsualPart)
                buffer = new byte[UsualPart];
            rest.CopyTo(buffer);
            (have, start) = (have - cut, start + cut);
        }
    }

    /// <summary>The last place at which a text may be cut, or 0 where there is none.</summary>
    internal static int Cut(ReadOnlySpan<byte> text)
    {
        for (var at = text.Length - 1; at > 0; at--)
        {
            var before = text[at - 1];
            if (before == '\n' && EndsWord(text[..(at - 1)]) && BeginsWord(text[at..], withNumber: true))
                return at;
            // The last space of several goes with the word behind, but not with a number.
            if (text[at] == ' ' && (before is (byte)' ' or (byte)'\n') && BeginsWord(text[(at + 1)..], withNumber: false))
                return at;
        }
        return 0;
    }

    private static bool EndsWord(ReadOnlySpan<byte> text) =>
        Rune.DecodeLastFromUtf8(text, out var last, out _) == OperationStatus.Done && !Rune.IsWhiteSpace(last);

    private static bool BeginsWord(ReadOnlySpan<byte> text, bool withNumber) =>
        Rune.DecodeFromUtf8(text, out var first, out _) == OperationStatus.Done && !Rune.IsWhiteSpace(first) && (withNumber || !Rune.IsNumber(first));

    private static int CharacterEnd(ReadOnlySpan<byte> text)
    {
        var end = text.Length - 1;
        while (end > 1 && (text[end] & 0xC0) == 0x80)
            end--;
        return end;
    }
}
