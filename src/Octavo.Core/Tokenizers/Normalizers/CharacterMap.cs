using System.Buffers.Binary;
using System.Text;
using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled normalization rules: a double-array trie over UTF-8 whose values are places among replacement
/// texts, each ended by a zero byte. Safe to use from many threads at once.
/// </summary>
internal sealed class CharacterMap
{
    private const int AsciiCount = 128;

    private readonly uint[] _units;
    private readonly byte[] _texts;

    // Replacements by place, made when first needed; two threads may make one alike.
    private readonly string?[] _replacements;

    // Whether a rule begins with an ASCII character and either ends there or goes on with another one.
    private readonly bool[] _asciiRules = new bool[AsciiCount];

    private CharacterMap(uint[] units, byte[] texts)
    {
        _units = units;
        _texts = texts;
        _replacements = new string?[texts.Length + 1];
        for (var first = 0; first < AsciiCount; first++)
        {
            var node = Step(Root, (byte)first);
            _asciiRules[first] = node >= 0
                && (Value(node) >= 0 || Enumerable.Range(0, AsciiCount).Any(second => Step(node, (byte)second) >= 0));
        }
    }

    /// <summary>No rules.</summary>
    public static CharacterMap Empty { get; } = new([], []);

    /// <summary>Where steps begin.</summary>
    private int Root => _units.Length == 0 ? -1 : (int)Offset(_units[0]);

    /// <summary>Reads the rules.</summary>
    /// <param name="blob">The length of the trie in bytes (32 bits, little-endian), the trie, the texts. Empty: no rules.</param>
    /// <param name="place">File and place, for messages.</param>
    /// <exception cref="InputFileException">The lengths do not fit, or a text is no UTF-8.</exception>
    public static CharacterMap Read(ReadOnlySpan<byte> blob, string place)
    {
        if (blob.IsEmpty)
            return Empty;
        var size = blob.Length > sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(blob) : uint.MaxValue;
        if (size % sizeof(uint) != 0 || size > blob.Length - sizeof(uint))
            throw new InputFileException(
                $"{place}: the character map has {blob.Length} bytes, which its own length does not fit. The file is " +
                "damaged; download it again.");
        var units = new uint[size / sizeof(uint)];
        for (var i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(sizeof(uint) * (i + 1))..]);
        var texts = blob[(sizeof(uint) + (int)size)..].ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(texts))
            throw new InputFileException(
                $"{place}: the character map's texts are no UTF-8. The file is damaged; download it again.");
        return new CharacterMap(units, texts);
    }

    /// <summary>Whether a character stays as it is for certain: ASCII that no rule takes, and behind it ASCII or
    /// nothing.</summary>
    public bool Keeps(ReadOnlySpan<char> text, int at)
    {
        var unit = text[at];
        return unit < AsciiCount && !_asciiRules[unit] && (at + 1 == text.Length || text[at + 1] < AsciiCount);
    }

    /// <summary>The rule that takes the most of what stands at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place.</param>
    /// <param name="length">How many units it takes.</param>
    /// <returns>What it puts there, or null where no rule fits.</returns>
    public string? Longest(ReadOnlySpan<char> text, int at, out int length)
    {
        var (node, found) = (Root, -1);
        length = 0;
        Span<byte> bytes = stackalloc byte[4];
        for (var end = at; end < text.Length && node >= 0;)
        {
            var scalar = Scalars.At(text, end, out var units);
            var count = new Rune(scalar).EncodeToUtf8(bytes);
            end += units;
            node = Walk(node, bytes[..count], out _);
            if (node < 0 || Value(node) is not (>= 0 and var value))
                continue;
            (found, length) = (value, end - at);
        }
        return found < 0 ? null : Replacement(found);
    }

    /// <summary>The shortest rule that fits the beginning of a text.</summary>
    /// <returns>What it puts there, or null where no rule fits.</returns>
    public string? Shortest(ReadOnlySpan<char> text)
    {
        var node = Root;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            node = Walk(node, bytes[..rune.EncodeToUtf8(bytes)], out var value);
            if (value >= 0)
                return Replacement(value);
            if (node < 0)
                return null;
        }
        return null;
    }

    // Follows bytes; the value is that of the first rule that ends on the way.
    private int Walk(int node, ReadOnlySpan<byte> bytes, out int value)
    {
        value = -1;
        foreach (var item in bytes)
        {
            node = Step(node, item);
            if (node < 0)
                return -1;
            if (value < 0)
                value = Value(node);
        }
        return node;
    }

    // A node is the place from which labels lead on, doubled, plus one where a rule ends.
    private int Step(int node, byte label)
    {
        if (node < 0)
            return -1;
        var at = (uint)(node >> 1) ^ label;
        if (at >= _units.Length)
            return -1;
        var unit = _units[at];
        if ((unit & 0x8000_00FF) != label)
            return -1;
        var next = at ^ OffsetOf(unit);
        return next > int.MaxValue >> 1 ? -1 : (int)next << 1 | (int)(unit >> 8 & 1);
    }

    private static uint Offset(uint unit) => OffsetOf(unit) << 1;

    private static uint OffsetOf(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);

    private int Value(int node)
    {
        if ((node & 1) == 0)
            return -1;
        var at = node >> 1;
        return at < _units.Length && (_units[at] & 0x7FFF_FFFF) is var value && value < _texts.Length ? (int)value : -1;
    }

    private string Replacement(int place)
    {
        if (_replacements[place] is { } known)
            return known;
        var end = _texts.AsSpan(place).IndexOf((byte)0);
        return _replacements[place] = Encoding.UTF8.GetString(_texts, place, end < 0 ? _texts.Length - place : end);
    }
}
