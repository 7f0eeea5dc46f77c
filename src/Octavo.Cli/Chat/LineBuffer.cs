using System.Globalization;

namespace Octavo.Cli.Chat;

/// <summary>A line being edited, with its caret and the lines before it. Moves by what a reader sees as one character.</summary>
internal sealed class LineBuffer
{
    private readonly List<string> _history = [];
    private string _draft = "";
    private int _place;

    public string Text { get; private set; } = "";

    /// <summary>Where the next letter goes, in UTF-16 units.</summary>
    public int Caret { get; private set; }

    /// <summary>Begins a new line; the one before becomes history.</summary>
    public void Begin()
    {
        Text = _draft = "";
        Caret = 0;
        _place = _history.Count;
    }

    /// <summary>Keeps a line for the arrow keys; empty ones and repetitions are not kept.</summary>
    public void Remember(string line)
    {
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line))
            _history.Add(line);
    }

    public void Insert(string text)
    {
        Text = Text.Insert(Caret, text);
        Caret += text.Length;
    }

    public void Backspace() => Remove(Before(Caret), Caret);

    public void Delete() => Remove(Caret, After(Caret));

    public void DeleteWord() => Remove(WordBefore(Caret), Caret);

    public void DeleteToStart() => Remove(0, Caret);

    public void DeleteToEnd() => Remove(Caret, Text.Length);

    public void Left() => Caret = Before(Caret);

    public void Right() => Caret = After(Caret);

    public void WordLeft() => Caret = WordBefore(Caret);

    public void WordRight()
    {
        while (Caret < Text.Length && !char.IsLetterOrDigit(Text[Caret]))
            Right();
        while (Caret < Text.Length && char.IsLetterOrDigit(Text[Caret]))
            Right();
    }

    public void Home() => Caret = 0;

    public void End() => Caret = Text.Length;

    /// <summary>The line before in history.</summary>
    public void Older() => Recall(_place - 1);

    /// <summary>The line after in history, at last the one that was being typed.</summary>
    public void Newer() => Recall(_place + 1);

    private void Recall(int place)
    {
        if (place < 0 || place > _history.Count)
            return;
        if (_place == _history.Count)
            _draft = Text;
        _place = place;
        Text = place == _history.Count ? _draft : _history[place];
        Caret = Text.Length;
    }

    private void Remove(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Caret = from;
    }

    private int After(int at) => at == Text.Length ? at : at + StringInfo.GetNextTextElementLength(Text, at);

    private int Before(int at)
    {
        var last = 0;
        foreach (var start in StringInfo.ParseCombiningCharacters(Text))
        {
            if (start >= at)
                break;
            last = start;
        }
        return last;
    }

    private int WordBefore(int at)
    {
        while (at > 0 && !char.IsLetterOrDigit(Text[at - 1]))
            at--;
        while (at > 0 && char.IsLetterOrDigit(Text[at - 1]))
            at--;
        return at;
    }
}
