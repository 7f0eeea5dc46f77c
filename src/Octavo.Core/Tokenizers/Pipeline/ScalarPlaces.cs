namespace Octavo.Core.Tokenizers.Pipeline;

/// <summary>Places in a text counted in code points, by places counted in UTF-16 units.</summary>
internal sealed class ScalarPlaces
{
    // Null where every unit is a code point.
    private readonly int[]? _places;

    public ScalarPlaces(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyInRange('\uD800', '\uDBFF');
        if (first < 0)
            return;
        _places = new int[text.Length + 1];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            _places[i] = count;
            count += char.IsLowSurrogate(text[i]) ? 0 : 1;
        }
        _places[text.Length] = count;
    }

    public int this[int unit] => _places is null ? unit : _places[unit];
}
