using Octavo.Core.Tokenizers.PreTokenizers;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>A set of code points. What was asked of the first plane is kept, so that asking again is one look into a
/// table.</summary>
internal abstract class ScalarSet
{
    private const int BlockSize = 256;

    // Blocks of the first plane, a bit for each code point; filled when first asked. Two threads may fill one alike.
    private readonly ulong[]?[] _blocks = new ulong[0x10000 / BlockSize][];

    /// <summary>Whether a code point is in the set.</summary>
    public bool Contains(int scalar)
    {
        if (scalar >= 0x10000)
            return Test(scalar);
        var block = _blocks[scalar / BlockSize] ?? Fill(scalar / BlockSize);
        return (block[scalar % BlockSize / 64] >> (scalar % 64) & 1) != 0;
    }

    /// <summary>How far a run of members goes.</summary>
    /// <returns>The first place at or after <paramref name="index"/> that is no member.</returns>
    public int RunEnd(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && Contains(Scalars.At(text, index, out var length)))
            index += length;
        return index;
    }

    /// <summary>Where the first member at or after a place begins; the text's length where there is none.</summary>
    public int Next(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && !Contains(Scalars.At(text, index, out var length)))
            index += length;
        return index;
    }

    /// <summary>Whether a code point is in the set, worked out anew.</summary>
    protected abstract bool Test(int scalar);

    private ulong[] Fill(int number)
    {
        var block = new ulong[BlockSize / 64];
        for (var i = 0; i < BlockSize; i++)
        {
            var scalar = number * BlockSize + i;
            if (scalar is not (>= 0xD800 and < 0xE000) && Test(scalar))
                block[i / 64] |= 1UL << (i % 64);
        }
        return _blocks[number] = block;
    }
}
