namespace Octavo.Training.Data.Chats;

/// <summary>Places in code points as places in UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>For each code point of a text, and for its end, the place in UTF-16 units; null where the two are the same.</summary>
    public static int[]? PlacesOf(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            return null;
        var places = new List<int>(text.Length);
        for (var at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1)
            places.Add(at);
        places.Add(text.Length);
        return [.. places];
    }
}
