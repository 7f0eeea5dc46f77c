using Octavo.Core.Templates.Library;

namespace Octavo.Core.Templates.Syntax;

/// <summary>
/// Splits a template into text and tokens. Tags eat white space as Jinja does with <c>trim_blocks</c> and
/// <c>lstrip_blocks</c> on: the line end behind a block, the indentation before it, and what <c>-</c> asks for.
/// </summary>
internal sealed class Lexer
{
    private readonly string _source;
    private readonly TagLexer _tag;
    // What one step reads: a text, and the start of the tag behind it. Two fields, because a queue of structs costs start-up time.
    private Token? _text;
    private Token? _token;
    private int _place;
    private int _line = 1;
    private int _lineCountedTo;
    private bool _atLineStart = true;
    private bool _inBlock;
    private bool _inOutput;

    public Lexer(string source)
    {
        _source = NormalizeLineEnds(source);
        _tag = new TagLexer(_source);
    }

    public Token Next()
    {
        while (_text is null && _token is null)
        {
            if (_inBlock || _inOutput) ReadInTag();
            else ReadText();
        }
        if (_text is { } text)
        {
            _text = null;
            return text;
        }
        var next = _token.GetValueOrDefault();
        _token = null;
        return next;
    }

    // One line end at the very end is not part of the template.
    private static string NormalizeLineEnds(string source)
    {
        var normal = source.Contains('\r')
            ? source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
            : source;
        return normal.EndsWith('\n') ? normal[..^1] : normal;
    }

    private void ReadText()
    {
        var start = FindTag(_place);
        if (start < 0)
        {
            Emit(_source[_place..]);
            _token = new Token(TokenKind.End, "", LineAt(_source.Length));
            _place = _source.Length;
            return;
        }
        var kind = _source[start + 1];
        var sign = SignAt(start + 2);
        Emit(Stripped(_source[_place..start], sign, stripsIndentation: kind != '{'));
        var inner = start + 2 + (sign == '\0' ? 0 : 1);
        switch (kind)
        {
            case '{': Open(TokenKind.OutputStart, start, inner); break;
            case '#': SkipComment(start, inner); break;
            case '%' when RawBody(inner) is { } body: ReadRaw(start, body); break;
            default: Open(TokenKind.BlockStart, start, inner); break;
        }
    }

    private int FindTag(int from)
    {
        for (var place = _source.IndexOf('{', from); place >= 0 && place + 1 < _source.Length; place = _source.IndexOf('{', place + 1))
        {
            if (_source[place + 1] is '{' or '%' or '#') return place;
        }
        return -1;
    }

    private void Open(TokenKind kind, int start, int inner)
    {
        _token = new Token(kind, "", LineAt(start));
        (_inBlock, _inOutput) = (kind == TokenKind.BlockStart, kind == TokenKind.OutputStart);
        _tag.Open();
        _place = inner;
    }

    private void ReadInTag()
    {
        while (_place < _source.Length && Characters.IsSpace(_source[_place])) _place++;
        if (_place >= _source.Length)
        {
            _token = new Token(TokenKind.End, "", LineAt(_source.Length));
            return;
        }
        var line = LineAt(_place);
        // Inside brackets an end is not an end: {{ {'a': {}}}} closes two mappings first.
        if (!_tag.IsInBrackets && EndOfTag(_place, _inOutput ? '}' : '%') is var end and >= 0)
        {
            _token = new Token(_inOutput ? TokenKind.OutputEnd : TokenKind.BlockEnd, "", line);
            _inBlock = _inOutput = false;
            Leave(end);
            return;
        }
        _token = _tag.Read(ref _place, line);
    }

    // Where the text goes on behind the end of a tag at a place, with the white space that it eats; −1 when there is none.
    private int EndOfTag(int place, char mark)
    {
        var sign = _source[place] is '-' or '+' ? _source[place] : '\0';
        if (sign == '+' && mark == '}') return -1;
        var end = place + (sign == '\0' ? 0 : 1);
        if (end + 1 >= _source.Length || _source[end] != mark || _source[end + 1] != '}') return -1;
        end += 2;
        if (sign == '-')
        {
            while (end < _source.Length && Characters.IsSpace(_source[end])) end++;
        }
        else if (sign == '\0' && mark != '}' && end < _source.Length && _source[end] == '\n') end++;
        return end;
    }

    private void Leave(int end)
    {
        _place = end;
        _atLineStart = _source[end - 1] == '\n';
    }

    private void SkipComment(int start, int inner)
    {
        for (var close = _source.IndexOf("#}", inner, StringComparison.Ordinal); close >= 0;)
        {
            var signed = close > inner && _source[close - 1] is '-' or '+' ? close - 1 : close;
            Leave(EndOfTag(signed, '#'));
            return;
        }
        throw TemplateSyntax.Error(LineAt(start), "a comment '{#' has no end '#}'");
    }

    // The place behind `raw %}`, when a block that starts inside says so.
    private int? RawBody(int inner)
    {
        var place = SkipWord(inner, "raw");
        if (place < 0) return null;
        if (_source.AsSpan(place).StartsWith("%}")) return place + 2;
        if (!_source.AsSpan(place).StartsWith("-%}")) return null;
        return SkipSpace(place + 3);
    }

    private void ReadRaw(int start, int body)
    {
        _atLineStart = _source[body - 1] == '\n';
        for (var close = _source.IndexOf("{%", body, StringComparison.Ordinal); close >= 0;
             close = _source.IndexOf("{%", close + 2, StringComparison.Ordinal))
        {
            var sign = SignAt(close + 2);
            var place = SkipWord(close + 2 + (sign == '\0' ? 0 : 1), "endraw");
            if (place < 0 || place >= _source.Length || EndOfTag(place, '%') is var end && end < 0) continue;
            // The text before the block waits in the other field.
            var inner = Stripped(_source[body..close], sign, stripsIndentation: true);
            if (inner.Length > 0) _token = new Token(TokenKind.Text, inner, LineAt(body));
            Leave(end);
            return;
        }
        throw TemplateSyntax.Error(LineAt(start), "a block 'raw' has no 'endraw'");
    }

    private int SkipWord(int place, string word)
    {
        place = SkipSpace(place);
        return _source.AsSpan(place).StartsWith(word) ? SkipSpace(place + word.Length) : -1;
    }

    private int SkipSpace(int place)
    {
        while (place < _source.Length && Characters.IsSpace(_source[place])) place++;
        return place;
    }

    private char SignAt(int place) => place < _source.Length && _source[place] is '-' or '+' ? _source[place] : '\0';

    private string Stripped(string text, char sign, bool stripsIndentation)
    {
        if (sign == '-') return TextEnd(text, 0);
        if (sign == '+' || !stripsIndentation) return text;
        var lineStart = text.LastIndexOf('\n') + 1;
        return lineStart > 0 || _atLineStart ? TextEnd(text, lineStart, wholeOnly: true) : text;
    }

    // The text without the white space at its end; with `wholeOnly`, only if all is white space from `least` on.
    private static string TextEnd(string text, int least, bool wholeOnly = false)
    {
        var end = text.Length;
        while (end > least && Characters.IsSpace(text[end - 1])) end--;
        return wholeOnly && end > least ? text : text[..end];
    }

    private void Emit(string text)
    {
        if (text.Length > 0) _text = new Token(TokenKind.Text, text, LineAt(_place));
    }

    // Places are asked for in rising order, so each line end is counted once.
    private int LineAt(int place)
    {
        if (place <= _lineCountedTo) return _line;
        _line += _source.AsSpan(_lineCountedTo, place - _lineCountedTo).Count('\n');
        _lineCountedTo = place;
        return _line;
    }
}
