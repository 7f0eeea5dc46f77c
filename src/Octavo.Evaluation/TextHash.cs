namespace Octavo.Evaluation;

/// <summary>FNV-1a over UTF-16 units: the same number on every machine.</summary>
internal static class TextHash
{
    private const ulong Basis = 14695981039346656037UL;

    /// <summary>Hashes a text.</summary>
    public static ulong Of(string text) => Add(Basis, text);

    /// <summary>Hashes texts with a line end behind each, in their order.</summary>
    public static ulong Of(IEnumerable<string> texts) => texts.Aggregate(Basis, (hash, text) => Add(Add(hash, text), "\n"));

    private static ulong Add(ulong hash, string text)
    {
        foreach (var letter in text)
            hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}
