namespace Octavo.Evaluation;

/// <summary>FNV-1a over a text's UTF-16 units: the same number on every machine.</summary>
internal static class TextHash
{
    public static ulong Of(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
            hash = (hash ^ letter) * 1099511628211UL;
        return hash;
    }
}
