using System.Text;

namespace Octavo.Core.Tokenizers.Unicode;

/// <summary>Which code points are one letter in different cases, by simple folding: one code point for one.</summary>
internal static class CaseFolding
{
    private const int LongS = 0x17F;

    private static readonly Lazy<Dictionary<int, int[]>> _groups = new(ReadGroups);

    /// <summary>The other code points that fold to the same.</summary>
    public static ReadOnlySpan<int> Variants(int scalar) => _groups.Value.TryGetValue(scalar, out var group) ? group : [];

    /// <summary>The small letter of a capital, as the runtime's invariant culture has it; other code points stay.</summary>
    public static int Lower(int scalar) => Rune.IsValid(scalar) ? Rune.ToLowerInvariant(new Rune(scalar)).Value : scalar;

    private static Dictionary<int, int[]> ReadGroups()
    {
        // Nothing with cases lies beyond U+1E943.
        const int last = 0x1E943;
        Dictionary<int, List<int>> folds = [];
        for (var scalar = 0; scalar <= last; scalar++)
        {
            if (!Rune.IsValid(scalar))
                continue;
            // The runtime leaves the long s as it is.
            var fold = scalar == LongS ? 's' : Lower(Rune.ToUpperInvariant(new Rune(scalar)).Value);
            if (!folds.TryGetValue(fold, out var members))
                folds.Add(fold, members = []);
            members.Add(scalar);
        }
        return folds.Values.Where(members => members.Count > 1)
            .SelectMany(members => members.Select(member => (member, members.Where(other => other != member).ToArray())))
            .ToDictionary(pair => pair.member, pair => pair.Item2);
    }
}
