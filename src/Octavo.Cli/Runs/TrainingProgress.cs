using Octavo.Cli.Output;
using Octavo.Training.Runs;

namespace Octavo.Cli.Runs;

/// <summary>
/// Shows how training goes, on the error stream: on a terminal one line drawn over itself, elsewhere a plain line every ten seconds,
/// nothing where it is quiet.
/// </summary>
/// <param name="terminal">Where to write.</param>
/// <param name="isQuiet">True says nothing.</param>
/// <param name="clock">The time; the system's by default.</param>
internal sealed class TrainingProgress(Terminal terminal, bool isQuiet, TimeProvider? clock = null) : IProgress<TrainingStep>, IDisposable
{
    private const int Widest = 132;

    private static readonly TimeSpan _drawEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _speakEvery = TimeSpan.FromSeconds(10);

    private readonly ProgressState _state = new(clock ?? TimeProvider.System);
    private TimeSpan _next;
    private bool _isDrawn, _isSaid = true;

    public void Report(TrainingStep value)
    {
        _state.Update(value);
        _isSaid = false;
        if (isQuiet || _state.Elapsed < _next)
            return;
        if (terminal.ShowsProgress)
            Draw();
        else
            Speak();
        _next = _state.Elapsed + (terminal.ShowsProgress ? _drawEvery : _speakEvery);
    }

    /// <summary>Says something that stays, above the line, as <see cref="Terminal.Note"/> does.</summary>
    public void Note(string text)
    {
        if (isQuiet)
            return;
        var wasDrawn = _isDrawn;
        Wipe();
        terminal.Note(text);
        if (wasDrawn)
            Draw();
    }

    /// <summary>Leaves the newest state as a line that stays.</summary>
    public void Finish()
    {
        if (isQuiet)
            return;
        var wasDrawn = _isDrawn;
        Wipe();
        if (wasDrawn || !_isSaid)
            Speak();
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose() => Wipe();

    private int Width => Math.Min(terminal.Width - 1, Widest);

    private void Draw()
    {
        terminal.Error.Write($"\r\e[K{_state.Render(Width)}");
        _isDrawn = true;
    }

    private void Speak()
    {
        terminal.Error.WriteLine(_state.Render(Width));
        _isSaid = true;
    }

    private void Wipe()
    {
        if (_isDrawn)
            terminal.Error.Write("\r\e[K");
        _isDrawn = false;
    }
}
