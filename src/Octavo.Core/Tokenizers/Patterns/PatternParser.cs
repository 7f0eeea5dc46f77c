using Octavo.Core.Tokenizers.Unicode;

namespace Octavo.Core.Tokenizers.Patterns;

/// <summary>Reads regular expressions as Oniguruma, the reference's engine, writes them.</summary>
internal sealed class PatternParser
{
    private const int DeepestNesting = 64;
    private const int MostRepetitions = 1000;

    private static readonly ScalarSet _lineFeed = new RangeSet([('\n', '\n')]);
    private static readonly ScalarSet _lineBreaks = new RangeSet([('\n', '\r'), (0x85, 0x85), (0x2028, 0x2029)]);

    private readonly PatternReader _reader;
    private PatternOptions _options;
    private int _depth;

    private PatternParser(PatternReader reader) => _reader = reader;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="InputFileException">It is not one.</exception>
    /// <exception cref="UnsupportedException">It says something that is not supported.</exception>
    public static PatternNode Parse(PatternReader reader)
    {
        var parser = new PatternParser(reader);
        var node = parser.ReadChoice();
        return reader.IsAtEnd ? node : throw reader.Broken("closes a group that it does not open");
    }

    private PatternNode ReadChoice()
    {
        if (++_depth > DeepestNesting)
            throw _reader.Unsupported($"more than {DeepestNesting} groups within one another");
        var options = _options;
        List<PatternNode> choices = [ReadSequence()];
        while (_reader.Take("|"))
            choices.Add(ReadSequence());
        // Options set inside a group end with it.
        _options = options;
        _depth--;
        return choices.Count == 1 ? choices[0] : new ChoiceNode([.. choices]);
    }

    private PatternNode ReadSequence()
    {
        List<PatternNode> parts = [];
        while (!_reader.IsAtEnd && _reader.Peek is not ('|' or ')'))
        {
            if (_options.HasFlag(PatternOptions.Extended) && SkipSpace())
                continue;
            if (ReadAtom() is { } atom)
                parts.Add(ReadRepeats(atom));
        }
        return parts.Count == 1 ? parts[0] : new SequenceNode([.. parts]);
    }

    // Null for a comment.
    private PatternNode? ReadAtom()
    {
        switch (_reader.Peek)
        {
            case '(':
                _reader.TakeScalar();
                return ReadGroup();
            case '[':
                _reader.TakeScalar();
                return new SetNode(new ClassParser(_reader, IsCaseless).Read());
            case '\\':
                _reader.TakeScalar();
                return ReadEscape();
            case '.':
                _reader.TakeScalar();
                return new SetNode(_options.HasFlag(PatternOptions.DotAll)
                    ? UnicodeProperties.Class("any")!
                    : new ComplementSet(_lineFeed));
            case '^':
                _reader.TakeScalar();
                return new AnchorNode(AnchorKind.LineStart);
            case '$':
                _reader.TakeScalar();
                return new AnchorNode(AnchorKind.LineEnd);
            case '*' or '+' or '?':
                throw _reader.Broken("repeats nothing");
            default:
                return Literal(_reader.TakeScalar());
        }
    }

    private bool IsCaseless => _options.HasFlag(PatternOptions.Caseless);

    private SetNode Literal(int scalar)
    {
        var set = new RangeSet([(scalar, scalar)]);
        return new SetNode(IsCaseless ? new CaselessSet(set) : set);
    }

    private PatternNode ReadEscape()
    {
        if (PatternEscapes.TakeSet(_reader) is { } set)
            return new SetNode(set);
        if (_reader.Take("R"))
            return new AtomicNode(new ChoiceNode([new SequenceNode([Literal('\r'), Literal('\n')]), new SetNode(_lineBreaks)]));
        AnchorKind? anchor = _reader.Peek switch
        {
            'A' => AnchorKind.TextStart,
            'Z' => AnchorKind.TextEndOrLineFeed,
            'z' => AnchorKind.TextEnd,
            'G' => AnchorKind.SearchStart,
            'b' => AnchorKind.WordBorder,
            'B' => AnchorKind.NoWordBorder,
            _ => null,
        };
        if (anchor is not { } kind)
            return Literal(PatternEscapes.TakeScalar(_reader));
        _reader.TakeScalar();
        return new AnchorNode(kind);
    }

    private PatternNode? ReadGroup()
    {
        if (_reader.Take("?#"))
        {
            _reader.TakeUntil(")");
            return null;
        }
        if (_reader.Take("?:"))
            return Closed();
        if (_reader.Take("?>"))
            return new AtomicNode(Closed());
        if (_reader.Take("?="))
            return new LookNode(Closed(), Behind: false, Negative: false);
        if (_reader.Take("?!"))
            return new LookNode(Closed(), Behind: false, Negative: true);
        if (_reader.Take("?<="))
            return Behind(Closed(), negative: false);
        if (_reader.Take("?<!"))
            return Behind(Closed(), negative: true);
        if (_reader.Take("?<"))
        {
            _reader.TakeUntil(">");
            return Closed();
        }
        return _reader.Take("?") ? ReadOptions() : Closed();
    }

    private PatternNode Closed()
    {
        var node = ReadChoice();
        return _reader.Take(")") ? node : throw _reader.Broken("opens a group that it does not close");
    }

    private LookNode Behind(PatternNode body, bool negative) => body.Most <= byte.MaxValue
        ? new LookNode(body, Behind: true, negative)
        : throw _reader.Unsupported($"a look behind over more than {byte.MaxValue} characters");

    // (?im-x) sets options to the end of the group around it, (?im-x:…) for its own content.
    private PatternNode ReadOptions()
    {
        var before = _options;
        var on = true;
        while (true)
        {
            switch (_reader.TakeScalar())
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    Set(PatternOptions.Caseless, on);
                    break;
                case 'm':
                    Set(PatternOptions.DotAll, on);
                    break;
                case 'x':
                    Set(PatternOptions.Extended, on);
                    break;
                case ':':
                    var node = Closed();
                    _options = before;
                    return node;
                case ')':
                    // All that follows in the group around is a group of its own, further choices included.
                    var rest = ReadChoice();
                    _options = before;
                    return rest;
                default:
                    throw _reader.Unsupported($"a group of another kind at place {_reader.Position}");
            }
        }
    }

    private void Set(PatternOptions option, bool on) => _options = on ? _options | option : _options & ~option;

    private PatternNode ReadRepeats(PatternNode atom)
    {
        while (true)
        {
            if (_options.HasFlag(PatternOptions.Extended) && SkipSpace())
                continue;
            if (_reader.Take("*"))
                atom = Repeat(atom, 0, int.MaxValue);
            else if (_reader.Take("+"))
                atom = Repeat(atom, 1, int.MaxValue);
            else if (_reader.Take("?"))
                atom = Repeat(atom, 0, 1);
            else if (_reader.Peek == '{' && Interval(atom) is { } repeated)
                atom = repeated;
            else
                return atom;
        }
    }

    private RepeatNode Repeat(PatternNode body, int from, int to)
    {
        var kind = _reader.Take("?") ? RepeatKind.Lazy : _reader.Take("+") ? RepeatKind.Possessive : RepeatKind.Greedy;
        return new RepeatNode(body, from, to, kind);
    }

    // {2} {2,} {2,5} {,5}; braces with something else stand for themselves. A plus after them repeats the whole.
    private RepeatNode? Interval(PatternNode body)
    {
        var position = _reader.Position;
        _reader.Take("{");
        var from = _reader.TakeNumber(10, 6);
        var comma = _reader.Take(",");
        var to = comma ? _reader.TakeNumber(10, 6) : from;
        if (from is null && to is null || !_reader.Take("}"))
        {
            _reader.Return(position);
            return null;
        }
        if (from > MostRepetitions || to > MostRepetitions)
            throw _reader.Unsupported($"more than {MostRepetitions} repetitions");
        if (to < from)
            throw _reader.Broken("has an interval that runs backwards");
        // Behind a single number a question mark makes the whole optional instead.
        var kind = from != to && _reader.Take("?") ? RepeatKind.Lazy : RepeatKind.Greedy;
        return new RepeatNode(body, from ?? 0, to ?? int.MaxValue, kind);
    }

    private bool SkipSpace()
    {
        if (_reader.Take("#"))
        {
            while (!_reader.IsAtEnd && _reader.Peek != '\n')
                _reader.TakeScalar();
            return true;
        }
        if (!char.IsWhiteSpace(_reader.Peek))
            return false;
        _reader.TakeScalar();
        return true;
    }

    [Flags]
    private enum PatternOptions
    {
        None = 0,
        Caseless = 1,
        DotAll = 2,
        Extended = 4,
    }
}
