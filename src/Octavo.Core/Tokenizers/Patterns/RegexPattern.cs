using Octavo.Core.Tokenizers.PreTokenizers;
using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>
/// A regular expression over code points, as the reference's engine understands it. The runtime's own engine sees UTF-16 units
/// and so misses letters beyond the first plane, and has neither brackets within brackets nor scripts.
/// </summary>
internal sealed class RegexPattern : TextPattern
{
    private readonly PatternInstruction[] _program;
    private readonly int _registers;
    private readonly ScalarSet? _first;
    private readonly string _place;

    private RegexPattern(PatternInstruction[] program, int registers, ScalarSet? first, string place)
    {
        _program = program;
        _registers = registers;
        _first = first;
        _place = place;
    }

    /// <summary>Reads and compiles an expression.</summary>
    /// <param name="pattern">The expression.</param>
    /// <param name="place">File and place, for messages.</param>
    /// <exception cref="InputFileException">It is not one.</exception>
    /// <exception cref="UnsupportedException">It says something that is not supported.</exception>
    public static RegexPattern Create(string pattern, string place)
    {
        var reader = new PatternReader(pattern, place);
        var node = PatternParser.Parse(reader);
        var compiler = new PatternCompiler(reader);
        var program = compiler.Compile(node);
        return new RegexPattern(program, compiler.Registers, PatternCompiler.First(node), place);
    }

    public override void Find(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        if (text.IsEmpty)
            return;
        var matcher = new PatternMatcher(_program, _registers, _place, text.Length);
        var from = 0;
        var lastEnd = -1;
        while (from <= text.Length)
        {
            if (Next(matcher, text, from) is not { } match)
                return;
            // A match of nothing right behind another one does not count.
            if (match.Start == match.End && match.End == lastEnd)
            {
                if (from == text.Length)
                    return;
                Scalars.At(text, from, out var length);
                from += length;
                continue;
            }
            matches.Add(match);
            from = lastEnd = match.End;
        }
    }

    private TextMatch? Next(PatternMatcher matcher, ReadOnlySpan<char> text, int from)
    {
        for (var start = from; ;)
        {
            if (_first is not null)
                start = _first.Next(text, start);
            if (matcher.Match(text, start, from) is >= 0 and var end)
                return new TextMatch(start, end);
            if (start >= text.Length)
                return null;
            Scalars.At(text, start, out var length);
            start += length;
        }
    }
}
