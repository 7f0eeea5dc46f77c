using System.Text;

namespace Octavo.Engine.Generation;

/// <summary>Looks for stop texts in a stream of pieces and holds back what may become one.</summary>
internal sealed class StopTexts(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>Whether a stop text has come.</summary>
    public bool Found { get; private set; }

    /// <summary>Takes a piece; returns what can be shown.</summary>
    public string Append(string piece)
    {
        if (stops.Count == 0 || piece.Length == 0)
            return piece;
        _held.Append(piece);
        var text = _held.ToString();
        var first = -1;
        foreach (var stop in stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first < 0 || at < first))
                first = at;
        }
        if (first >= 0)
        {
            Found = true;
            _held.Clear();
            return text[..first];
        }
        var keep = LongestBeginning(text);
        _held.Remove(0, text.Length - keep);
        return text[..^keep];
    }

    /// <summary>What is held back, once no more pieces come.</summary>
    public string Flush()
    {
        var text = _held.ToString();
        _held.Clear();
        return text;
    }

    /// <summary>Length of the longest end of the text with which a stop text begins.</summary>
    private int LongestBeginning(string text)
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    longest = length;
            }
        }
        return longest;
    }
}
