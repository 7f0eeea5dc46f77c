namespace Octavo.Systems.ScBench.Scoring;

/// <summary>A text as its characters, as a Python string is walked through.</summary>
internal static class Characters
{
    /// <summary>Each code point as a text of its own.</summary>
    public static IReadOnlyList<string> Of(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];
}
