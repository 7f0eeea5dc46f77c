namespace Octavo.Core.Tokenizers;

/// <summary>
/// The spelling of bytes in byte-level vocabularies: each byte is one visible letter, its own where it has one, else the next
/// from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private const int LetterCount = 0x144;

    // Indexed by byte: the letter. The space is U+0120, the line feed U+010A.
    private static ReadOnlySpan<char> Letters =>
        "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠ!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~ġ" +
        "ĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁł¡¢£¤¥¦§¨©ª«¬Ń®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";

    /// <summary>The letter of the space, which begins most words.</summary>
    public const char Space = '\u0120';

    /// <summary>The letter that spells a byte.</summary>
    public static char Letter(byte value) => Letters[value];

    /// <summary>The byte that a letter spells, or -1 where it spells none.</summary>
    public static int Byte(char letter)
    {
        if (letter >= LetterCount)
            return -1;
        if (letter >= 0x100)
            return letter <= 0x120 ? letter - 0x100 : letter <= 0x142 ? letter - 0x121 + 0x7F : 0xAD;
        return letter is > ' ' and < '\u007F' or >= '\u00A1' and not '\u00AD' ? letter : -1;
    }

    /// <summary>Writes the bytes that a piece spells.</summary>
    /// <returns>How many bytes were written, or -1 where a letter spells no byte.</returns>
    public static int Decode(ReadOnlySpan<char> piece, Span<byte> destination)
    {
        for (var i = 0; i < piece.Length; i++)
        {
            var value = Byte(piece[i]);
            if (value < 0)
                return -1;
            destination[i] = (byte)value;
        }
        return piece.Length;
    }
}
