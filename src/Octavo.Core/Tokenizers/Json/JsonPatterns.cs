using Octavo.Core.Tokenizers.Patterns;

namespace Octavo.Core.Tokenizers.Json;

/// <summary>Reads patterns: <c>{"String": …}</c> or <c>{"Regex": …}</c>.</summary>
internal static class JsonPatterns
{
    public static TextPattern Read(JsonValue pattern)
    {
        if (pattern.Optional("String") is { } text)
            return text.Text().Length > 0
                ? new LiteralPattern(text.Text())
                : throw text.Unsupported("an empty text", "a text of one character or more");
        return pattern.Optional("Regex") is { } regex
            ? RegexPattern.Create(regex.Text(), regex.Place)
            : throw pattern.Unsupported("a pattern of another kind", "String, Regex");
    }
}
