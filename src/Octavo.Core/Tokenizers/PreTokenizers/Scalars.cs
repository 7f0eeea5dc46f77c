using System.Globalization;
using System.Runtime.CompilerServices;

namespace Octavo.Core.Tokenizers.PreTokenizers;

/// <summary>What a pre-tokenizer tells apart.</summary>
internal enum ScalarClass : byte
{
    /// <summary>Neither white space nor letter nor number.</summary>
    Other,

    /// <summary>General category L.</summary>
    Letter,

    /// <summary>General category N.</summary>
    Number,

    /// <summary>The property White_Space, line ends apart.</summary>
    Space,

    /// <summary>U+000A or U+000D.</summary>
    LineEnd,
}

/// <summary>Reads Unicode scalars of UTF-16 text that holds no lone surrogate.</summary>
internal static class Scalars
{
    private static ReadOnlySpan<byte> AsciiClasses =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 3, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
    ];

    /// <summary>The class of the scalar at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">The place, in UTF-16 units.</param>
    /// <param name="length">The units of the scalar, 1 or 2.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarClass ClassAt(ReadOnlySpan<char> text, int index, out int length)
    {
        var unit = text[index];
        length = 1;
        return unit < 128 ? (ScalarClass)AsciiClasses[unit] : WideClassAt(text, index, out length);
    }

    /// <summary>How far a run of one class goes.</summary>
    /// <returns>The first place at or after <paramref name="index"/> of another class.</returns>
    public static int RunEnd(ReadOnlySpan<char> text, int index, ScalarClass wanted)
    {
        while (index < text.Length && ClassAt(text, index, out var length) == wanted)
            index += length;
        return index;
    }

    /// <summary>How far a run of white space goes, line ends included.</summary>
    public static int SpaceEnd(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && ClassAt(text, index, out _) >= ScalarClass.Space)
            index++;
        return index;
    }

    /// <summary>The scalar at a place.</summary>
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        var unit = text[index];
        length = char.IsHighSurrogate(unit) ? 2 : 1;
        return length == 2 ? char.ConvertToUtf32(unit, text[index + 1]) : unit;
    }

    /// <summary>How many scalars a text has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDBFF'); at >= 0; at = text.IndexOfAnyInRange('\uD800', '\uDBFF'))
        {
            count--;
            text = text[(at + 2)..];
        }
        return count;
    }

    /// <summary>Refuses text that is no Unicode.</summary>
    /// <exception cref="InputFileException">A surrogate stands alone.</exception>
    public static void RefuseLoneSurrogates(ReadOnlySpan<char> text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var next = text[index..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
                return;
            index += next;
            if (char.IsLowSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                throw new InputFileException(
                    $"The text has a lone surrogate, U+{(int)text[index]:X4}, at index {index} (UTF-16 units from 0): " +
                    "that is no Unicode text. It was cut inside a character or read with the wrong encoding; read it again as UTF-8.");
            index++;
        }
    }

    private static ScalarClass WideClassAt(ReadOnlySpan<char> text, int index, out int length)
    {
        var scalar = At(text, index, out length);
        return CharUnicodeInfo.GetUnicodeCategory(scalar) switch
        {
            <= UnicodeCategory.OtherLetter => ScalarClass.Letter,
            >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => ScalarClass.Number,
            >= UnicodeCategory.SpaceSeparator and <= UnicodeCategory.ParagraphSeparator => ScalarClass.Space,
            _ => scalar == 0x85 ? ScalarClass.Space : ScalarClass.Other,
        };
    }
}
