using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Bpe;

/// <summary>Spells words in bytes: a symbol's places are the first and the last character it holds a byte of, counted in
/// scalars.</summary>
internal static class ByteSpeller
{
    /// <summary>Makes a word's bytes its symbols and joins them.</summary>
    /// <param name="text">The text of the word, without lone surrogates.</param>
    /// <param name="model">Bytes and merges.</param>
    /// <param name="word">Takes the symbols.</param>
    public static void Encode(ReadOnlySpan<char> text, BpeModel model, BpeWord word)
    {
        word.Begin(text.Length * 3);
        var scalars = 0;
        Span<byte> bytes = stackalloc byte[4];
        for (var index = 0; index < text.Length; scalars++)
        {
            if (text[index] < 0x80)
            {
                Add((byte)text[index++], scalars, model, word);
                continue;
            }
            var scalar = Scalars.At(text, index, out var length);
            index += length;
            foreach (var value in bytes[..new Rune(scalar).EncodeToUtf8(bytes)])
                Add(value, scalars, model, word);
        }
        word.Merge();
    }

    private static void Add(byte value, int scalar, BpeModel model, BpeWord word)
    {
        var id = model.ByteIds[value];
        if (id < 0)
        {
            id = model.Unknown;
            if (id < 0)
                return;
            if (model.FuseUnknown && word.Count > 0 && word.Id(word.Count - 1) == id)
            {
                word.Extend(scalar);
                return;
            }
        }
        word.Add(id, scalar, scalar);
    }
}
