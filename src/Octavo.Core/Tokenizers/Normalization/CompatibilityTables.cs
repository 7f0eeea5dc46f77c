using System.Globalization;

namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Lookups over <see cref="CompatibilityData"/>, read when a text first needs them.</summary>
internal sealed class CompatibilityTables
{
    private readonly Dictionary<int, int[]> _decompositions = [];

    private CompatibilityTables()
    {
        var scalar = 0;
        var data = CompatibilityData.Decompositions.AsSpan();
        foreach (var range in data.SplitAny(' ', '\n'))
        {
            var word = data[range];
            var colon = word.IndexOf(':');
            if (colon >= 0)
                scalar = Hex(word[..colon]);
            _decompositions.Add(scalar++, Entry(word[(colon + 1)..]));
        }
    }

    /// <summary>The tables.</summary>
    public static CompatibilityTables Instance => Holder.Tables;

    /// <summary>What a code point is a variant of, one step; empty where it is none.</summary>
    public ReadOnlySpan<int> Decomposition(int scalar) => _decompositions.TryGetValue(scalar, out var entry) ? entry : [];

    private static int[] Entry(ReadOnlySpan<char> word)
    {
        List<int> scalars = [];
        foreach (var range in word.Split('+'))
            scalars.Add(Hex(word[range]));
        return [.. scalars];
    }

    private static int Hex(ReadOnlySpan<char> digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static class Holder
    {
        public static readonly CompatibilityTables Tables = new();
    }
}
