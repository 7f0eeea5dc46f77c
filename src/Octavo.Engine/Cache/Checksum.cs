using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Octavo.Engine.Cache;

/// <summary>
/// A 64-bit checksum against damage and mix-ups, not against forgers. Four lanes of multiply and rotate, so that it keeps up with a disk;
/// it needs no native library, as the framework's hashes do.
/// </summary>
internal struct Checksum
{
    // Odd constants with bits spread evenly: the fractions of the square roots of 2, 3, 5 and 7.
    private const ulong P0 = 0x6A09E667F3BCC909;
    private const ulong P1 = 0xBB67AE8584CAA73B;
    private const ulong P2 = 0x3C6EF372FE94F82B;
    private const ulong P3 = 0xA54FF53A5F1D36F1;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private ulong _length;

    /// <param name="seed">Different seeds give independent sums.</param>
    public Checksum(ulong seed)
    {
        _a = seed ^ P0;
        _b = seed ^ P1;
        _c = seed ^ P2;
        _d = seed ^ P3;
    }

    /// <summary>The sum of all that was added. The borders between additions count.</summary>
    public readonly ulong Value
    {
        get
        {
            var sum = Mix(Mix(Mix(Mix(_length, _a), _b), _c), _d);
            return sum ^ (sum >> 29);
        }
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _length = Mix(_length, (ulong)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes[..(bytes.Length & ~31)]);
        var (a, b, c, d) = (_a, _b, _c, _d);
        for (var i = 0; i < words.Length; i += 4)
        {
            a = Mix(a, words[i]);
            b = Mix(b, words[i + 1]);
            c = Mix(c, words[i + 2]);
            d = Mix(d, words[i + 3]);
        }
        (_a, _b, _c, _d) = (a, b, c, d);
        foreach (var one in bytes[(bytes.Length & ~31)..])
            _a = Mix(_a, one);
    }

    /// <summary>Adds a text.</summary>
    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>The sum of one run of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var sum = new Checksum(0);
        sum.Add(bytes);
        return sum.Value;
    }

    private static ulong Mix(ulong state, ulong word) => (BitOperations.RotateLeft(state, 31) ^ word) * P1 + P0;
}
