using System.Text;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>Spells each byte of the text's UTF-8 by a letter.</summary>
/// <param name="scanner">Cuts the pieces first.</param>
/// <param name="prefixSpace">Whether a space is put before each piece that does not begin with one.</param>
internal sealed class ByteLevelPreTokenizer(Scanner scanner, bool prefixSpace) : PreTokenizer
{
    public override void Apply(SplitText text)
    {
        var writer = new MappedText.Writer(text.Text.Length + text.Text.Length / 2 + 16);
        List<TextCut> pieces = [];
        foreach (var piece in text.Pieces)
        {
            ReadOnlySpan<char> units = text.Text.Units[piece.Start..piece.End];
            // What the prefix adds stands for the first character.
            var prefix = prefixSpace && units[0] != ' ' ? 1 : 0;
            var rest = prefix > 0 ? string.Concat(" ", units).AsSpan() : units;
            var at = piece.Start - prefix;
            while (!rest.IsEmpty)
            {
                var length = scanner.Next(rest);
                var start = writer.Length;
                Spell(rest[..length], text.Text, at, piece.Start, writer);
                pieces.Add(new TextCut(start, writer.Length));
                rest = rest[length..];
                at += length;
            }
        }
        text.Replace(text.Text.With(writer), pieces);
    }

    /// <summary>Spells a stretch.</summary>
    /// <param name="units">The stretch.</param>
    /// <param name="text">The text that it is from.</param>
    /// <param name="at">Where it begins there.</param>
    /// <param name="floor">What lies before this place stands for the character there.</param>
    /// <param name="writer">Takes the letters.</param>
    public static void Spell(ReadOnlySpan<char> units, MappedText text, int at, int floor, MappedText.Writer writer)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var index = 0; index < units.Length;)
        {
            var scalar = Scalars.At(units, index, out var length);
            var source = Math.Max(at + index, floor);
            var (start, end) = (text.StartOf(source),
                text.EndOf(source + (source > at + index ? SourceLength(text, source) : length)));
            if (scalar < 0x80)
                writer.Put(ByteAlphabet.Letter((byte)scalar), start, end);
            else
            {
                foreach (var value in bytes[..new Rune(scalar).EncodeToUtf8(bytes)])
                    writer.Put(ByteAlphabet.Letter(value), start, end);
            }
            index += length;
        }
    }

    private static int SourceLength(MappedText text, int source) => char.IsHighSurrogate(text.Units[source]) ? 2 : 1;
}
