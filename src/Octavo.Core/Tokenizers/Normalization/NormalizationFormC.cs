using System.Text;
using Octavo.Core.Tokenizers.Pipeline;

namespace Octavo.Core.Tokenizers.Normalization;

/// <summary>Unicode's normalization form C, with where each code point came from.</summary>
internal static class NormalizationFormC
{
    /// <summary>Whether a text is in normal form for certain; false says only that it has to be looked at.</summary>
    public static bool IsNormal(ReadOnlySpan<char> text) => Normalizing.IsNormal(text, NormalForm.C);

    /// <summary>Brings a text into normal form.</summary>
    /// <param name="text">The text, without lone surrogates.</param>
    /// <param name="origins">For each code point of the result: which code point of the text it stands for. One that was
    /// composed stands for the first of those it was made of, as the reference counts.</param>
    public static string Normalize(ReadOnlySpan<char> text, out int[] origins)
    {
        List<TextChange> changes = Normalizing.Changes(text, NormalForm.C);
        origins = new int[changes.Count];
        var result = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        var consumed = 0;
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            result.Append(units[..new Rune(change.Scalar).EncodeToUtf16(units)]);
            origins[i] = change.Delta > 0 ? Math.Max(consumed - 1, 0) : consumed;
            consumed += 1 - change.Delta;
        }
        return result.ToString();
    }
}
