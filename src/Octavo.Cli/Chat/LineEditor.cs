using System.Text;
using Octavo.Cli.Output;

namespace Octavo.Cli.Chat;

/// <summary>
/// Reads lines from a terminal: arrows, history, home and end, ctrl-A E K U W L. Ctrl-C empties the line, and on an empty one
/// leaves when pressed twice; ctrl-D on an empty line leaves. A line longer than the window scrolls sideways.
/// </summary>
internal sealed class LineEditor(Terminal terminal) : ILineReader
{
    private readonly LineBuffer _buffer = new();
    private bool _warned;

    public string? ReadLine(string prompt)
    {
        _buffer.Begin();
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                // A paste comes as many keys at once; only its end is drawn.
                if (!Console.KeyAvailable)
                    Draw(prompt);
                var key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter)
                    return Leave(prompt, _buffer.Text);
                if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && _buffer.Text.Length == 0)
                    return Leave(prompt, null);
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                {
                    if (_buffer.Text.Length == 0 && _warned)
                        return Leave(prompt, null);
                    Interrupt();
                    continue;
                }
                _warned = false;
                Apply(key);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private string? Leave(string prompt, string? line)
    {
        Draw(prompt);
        _buffer.Remember(line ?? "");
        _warned = false;
        terminal.Error.WriteLine();
        return line;
    }

    private void Interrupt()
    {
        if (_buffer.Text.Length == 0)
        {
            terminal.Error.WriteLine("\n(ctrl-C once more, ctrl-D or /exit leaves)");
            _warned = true;
        }
        _buffer.Begin();
    }

    private void Apply(ConsoleKeyInfo key)
    {
        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow when isControl: _buffer.WordLeft(); break;
            case ConsoleKey.RightArrow when isControl: _buffer.WordRight(); break;
            case ConsoleKey.LeftArrow: _buffer.Left(); break;
            case ConsoleKey.RightArrow: _buffer.Right(); break;
            case ConsoleKey.UpArrow: _buffer.Older(); break;
            case ConsoleKey.DownArrow: _buffer.Newer(); break;
            case ConsoleKey.Home: _buffer.Home(); break;
            case ConsoleKey.End: _buffer.End(); break;
            case ConsoleKey.Backspace: _buffer.Backspace(); break;
            case ConsoleKey.Delete: _buffer.Delete(); break;
            case var letter when isControl: Control(letter); break;
            default: Type(key.KeyChar); break;
        }
    }

    private void Control(ConsoleKey letter)
    {
        switch (letter)
        {
            case ConsoleKey.A: _buffer.Home(); break;
            case ConsoleKey.E: _buffer.End(); break;
            case ConsoleKey.K: _buffer.DeleteToEnd(); break;
            case ConsoleKey.U: _buffer.DeleteToStart(); break;
            case ConsoleKey.W: _buffer.DeleteWord(); break;
            case ConsoleKey.D: _buffer.Delete(); break;
            case ConsoleKey.L: terminal.Error.Write("\e[2J\e[H"); break;
        }
    }

    private void Type(char letter)
    {
        if (!char.IsControl(letter))
            _buffer.Insert(letter.ToString());
    }

    private void Draw(string prompt)
    {
        var room = Math.Max(10, terminal.Width - CellWidth.Of(prompt) - 1);
        var start = 0;
        while (CellWidth.Of(_buffer.Text.AsSpan(start, _buffer.Caret - start)) > room)
            start += char.IsHighSurrogate(_buffer.Text[start]) ? 2 : 1;
        var end = start;
        while (end < _buffer.Text.Length && CellWidth.Of(_buffer.Text.AsSpan(start, end + 1 - start)) <= room)
            end++;
        var caret = CellWidth.Of(prompt) + CellWidth.Of(_buffer.Text.AsSpan(start, _buffer.Caret - start));
        var line = new StringBuilder("\r\e[K").Append(prompt).Append(_buffer.Text, start, end - start).Append('\r');
        if (caret > 0)
            line.Append("\e[").Append(caret).Append('C');
        terminal.Error.Write(line.ToString());
    }
}
