namespace Octavo.Core.Tokenizers.Normalization;

internal static class NormalizationFormC
{
    public static bool IsQuicklyNormal(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('\u0300', '\uFFFF');

    public static string Normalize(ReadOnlySpan<char> text, out int[] origins) => throw new UnsupportedException("not built yet");
}
