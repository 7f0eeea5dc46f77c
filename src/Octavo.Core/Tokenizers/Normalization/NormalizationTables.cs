using System.Globalization;

namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Lookups over <see cref="NormalizationData"/>, read when a text first needs them.</summary>
internal sealed class NormalizationTables
{
    private const int FirstPlane = 0x10000;

    private readonly Dictionary<int, Pair> _decompositions = [];
    private readonly Dictionary<Pair, int> _compositions = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly HashSet<int> _excluded = [];

    // Code points at which a text can differ from its normal form; a bit each for the first plane.
    private readonly uint[] _suspects = new uint[FirstPlane / 32];
    private readonly HashSet<int> _suspectsBeyond = [];

    private NormalizationTables()
    {
        ReadDecompositions();
        ReadClasses();
        foreach (var (scalar, pair) in _decompositions)
        {
            if (!Composes(scalar, pair))
            {
                Suspect(scalar);
                continue;
            }
            _compositions.Add(pair, scalar);
            Suspect(pair.Second);
        }
        foreach (var scalar in _classes.Keys)
            Suspect(scalar);
        for (var vowel = Hangul.FirstVowel; vowel < Hangul.FirstVowel + Hangul.Vowels; vowel++)
            Suspect(vowel);
        for (var final = Hangul.FirstFinal + 1; final < Hangul.FirstFinal + Hangul.Finals; final++)
            Suspect(final);
    }

    /// <summary>The tables.</summary>
    public static NormalizationTables Instance => Holder.Tables;

    /// <summary>Whether a text that holds the code point may differ from its normal form.</summary>
    public bool IsSuspect(int scalar) =>
        scalar < FirstPlane ? (_suspects[scalar / 32] >> (scalar % 32) & 1) != 0 : _suspectsBeyond.Contains(scalar);

    /// <summary>The combining class of a code point; 0 begins a character.</summary>
    public byte Class(int scalar) => _classes.GetValueOrDefault(scalar);

    /// <summary>What a code point comes apart into, one step.</summary>
    /// <returns>False where it stays as it is; a second of -1 means that there is none.</returns>
    public bool TryDecompose(int scalar, out int first, out int second)
    {
        if (Hangul.TryDecompose(scalar, out first, out second))
            return true;
        var found = _decompositions.TryGetValue(scalar, out var pair);
        (first, second) = (pair.First, pair.Second);
        return found;
    }

    /// <summary>What two code points come together to, or -1.</summary>
    public int Compose(int first, int second)
    {
        var syllable = Hangul.Compose(first, second);
        return syllable >= 0 ? syllable : _compositions.GetValueOrDefault(new Pair(first, second), -1);
    }

    private bool Composes(int scalar, Pair pair) => pair.Second >= 0 && !_excluded.Contains(scalar);

    private void Suspect(int scalar)
    {
        if (scalar < FirstPlane)
            _suspects[scalar / 32] |= 1u << (scalar % 32);
        else
            _suspectsBeyond.Add(scalar);
    }

    private void ReadDecompositions()
    {
        var scalar = 0;
        var data = NormalizationData.Decompositions.AsSpan();
        foreach (var range in data.SplitAny(' ', '\n'))
        {
            var word = data[range];
            var colon = word.IndexOf(':');
            if (colon >= 0)
                scalar = Hex(word[..colon]);
            word = word[(colon + 1)..];
            if (word[0] == '!')
                _excluded.Add(scalar);
            word = word.TrimStart('!');
            var plus = word.IndexOf('+');
            _decompositions.Add(scalar++, plus < 0
                ? new Pair(Hex(word), -1)
                : new Pair(Hex(word[..plus]), Hex(word[(plus + 1)..])));
        }
    }

    private void ReadClasses()
    {
        var data = NormalizationData.Classes.AsSpan();
        foreach (var range in data.SplitAny(' ', '\n'))
        {
            var word = data[range];
            var equals = word.IndexOf('=');
            var dash = word.IndexOf('-');
            var first = Hex(word[..(dash < 0 ? equals : dash)]);
            var last = dash < 0 ? first : Hex(word[(dash + 1)..equals]);
            for (var scalar = first; scalar <= last; scalar++)
                _classes.Add(scalar, byte.Parse(word[(equals + 1)..], CultureInfo.InvariantCulture));
        }
    }

    private static int Hex(ReadOnlySpan<char> digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private readonly record struct Pair(int First, int Second);

    private static class Holder
    {
        public static readonly NormalizationTables Tables = new();
    }
}
