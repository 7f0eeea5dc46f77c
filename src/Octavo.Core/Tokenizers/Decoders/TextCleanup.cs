namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Takes spaces off before marks and shortens forms, in English, as the reference does within each token.</summary>
internal static class TextCleanup
{
    public static string Clean(string text) => !MayChange(text) ? text : text
        .Replace(" .", ".", StringComparison.Ordinal)
        .Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal)
        .Replace(" ,", ",", StringComparison.Ordinal)
        .Replace(" ' ", "'", StringComparison.Ordinal)
        .Replace(" n't", "n't", StringComparison.Ordinal)
        .Replace(" 'm", "'m", StringComparison.Ordinal)
        .Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal)
        .Replace(" 've", "'ve", StringComparison.Ordinal)
        .Replace(" 're", "'re", StringComparison.Ordinal);

    // Whether a space stands before what the replacements begin with.
    private static bool MayChange(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf(' '); at >= 0; at = text.IndexOf(' '))
        {
            text = text[(at + 1)..];
            if (text.IsEmpty)
                return false;
            var changes = text[0] switch
            {
                '.' or '?' or '!' or ',' or '\'' => true,
                'n' => text.StartsWith("n't"),
                'd' => text.StartsWith("do not"),
                _ => false,
            };
            if (changes)
                return true;
        }
        return false;
    }
}
