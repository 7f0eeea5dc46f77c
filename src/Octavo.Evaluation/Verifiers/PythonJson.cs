namespace Octavo.Evaluation.Verifiers;

/// <summary>
/// Whether Python's <c>json.loads</c> takes a text: any value at the top, also NaN and Infinity; no control characters within texts.
/// </summary>
internal ref struct PythonJson
{
    private const int DeepestLevel = 900;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private PythonJson(ReadOnlySpan<char> text) => _text = text;

    public static bool Accepts(string text)
    {
        var json = new PythonJson(text);
        json.Blanks();
        if (!json.Value(0))
            return false;
        json.Blanks();
        return json._at == text.Length;
    }

    private bool Value(int level)
    {
        if (_at == _text.Length || level > DeepestLevel)
            return false;
        return _text[_at] switch
        {
            '"' => Text(),
            '{' => Members(level),
            '[' => Items(level),
            'n' => Take("null"),
            't' => Take("true"),
            'f' => Take("false"),
            'N' => Take("NaN"),
            'I' => Take("Infinity"),
            '-' when _text[_at..].StartsWith("-Infinity") => Take("-Infinity"),
            _ => Number(),
        };
    }

    private bool Members(int level)
    {
        _at++;
        Blanks();
        if (Take("}"))
            return true;
        while (true)
        {
            Blanks();
            if (_at == _text.Length || _text[_at] != '"' || !Text())
                return false;
            Blanks();
            if (!Take(":"))
                return false;
            Blanks();
            if (!Value(level + 1))
                return false;
            Blanks();
            if (Take("}"))
                return true;
            if (!Take(","))
                return false;
        }
    }

    private bool Items(int level)
    {
        _at++;
        Blanks();
        if (Take("]"))
            return true;
        while (true)
        {
            Blanks();
            if (!Value(level + 1))
                return false;
            Blanks();
            if (Take("]"))
                return true;
            if (!Take(","))
                return false;
        }
    }

    private bool Text()
    {
        for (_at++; _at < _text.Length; _at++)
        {
            var letter = _text[_at];
            if (letter == '"')
            {
                _at++;
                return true;
            }
            if (letter < ' ' || (letter == '\\' && !Escape()))
                return false;
        }
        return false;
    }

    // leaves the last letter of the escape for the caller to step over
    private bool Escape()
    {
        if (++_at == _text.Length)
            return false;
        if (_text[_at] != 'u')
            return "\"\\/bfnrt".Contains(_text[_at]);
        for (var digit = 0; digit < 4; digit++)
        {
            if (++_at >= _text.Length || !char.IsAsciiHexDigit(_text[_at]))
                return false;
        }
        return true;
    }

    private bool Number()
    {
        Take("-");
        if (!Take("0") && Digits() == 0)
            return false;
        var back = _at;
        if (Take(".") && Digits() == 0)
            _at = back;
        back = _at;
        if (Take("e") || Take("E"))
        {
            if (!Take("+"))
                Take("-");
            if (Digits() == 0)
                _at = back;
        }
        return true;
    }

    private int Digits()
    {
        var from = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            _at++;
        return _at - from;
    }

    private bool Take(string what)
    {
        if (!_text[_at..].StartsWith(what))
            return false;
        _at += what.Length;
        return true;
    }

    private void Blanks()
    {
        while (_at < _text.Length && (_text[_at] is ' ' or '\t' or '\n' or '\r'))
            _at++;
    }
}
