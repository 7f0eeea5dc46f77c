namespace Octavo.Core.Tokenizers.Decoders;

/// <summary>Takes spaces off before marks and shortens forms, in English, as the reference does within each token.</summary>
internal static class TextCleanup
{
    public static string Clean(string text) => !MayChange(text, afterSpace: false) ? text : text
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

    /// <summary>Whether a space stands before something that a replacement begins with.</summary>
    /// <param name="text">The text.</param>
    /// <param name="afterSpace">Whether a space stands before the text itself.</param>
    public static bool MayChange(ReadOnlySpan<char> text, bool afterSpace)
    {
        if (afterSpace && Begins(text))
            return true;
        for (var at = text.IndexOf(' '); at >= 0; at = text.IndexOf(' '))
        {
            text = text[(at + 1)..];
            if (Begins(text))
                return true;
        }
        return false;
    }

    private static bool Begins(ReadOnlySpan<char> text) => !text.IsEmpty && text[0] switch
    {
        '.' or '?' or '!' or ',' or '\'' => true,
        'n' => text.StartsWith("n't"),
        'd' => text.StartsWith("do not"),
        _ => false,
    };
}
