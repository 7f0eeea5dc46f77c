using System.Diagnostics;
using System.Globalization;

namespace Octavo.Cli.Output;

/// <summary>
/// One line about work that takes a while, on the error stream. On a terminal it is drawn over itself and wiped at the end;
/// elsewhere it speaks every ten seconds, and not at all where it is off.
/// </summary>
/// <param name="terminal">Where to write.</param>
/// <param name="isOn">False says nothing.</param>
internal sealed class StatusLine(Terminal terminal, bool isOn) : IDisposable
{
    private static readonly TimeSpan _drawEvery = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan _speakEvery = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _firstAfter = TimeSpan.FromMilliseconds(300);

    private long _start = Stopwatch.GetTimestamp();
    private TimeSpan _next = _firstAfter;
    private string _what = "";
    private bool _drawn;

    /// <summary>Says how far the work is.</summary>
    /// <param name="what">Such as "prompt" or "goldens".</param>
    /// <param name="done">How much is done.</param>
    /// <param name="total">How much there is.</param>
    public void Report(string what, int done, int total)
    {
        // each kind of work has a rate of its own
        if (what != _what && _what.Length > 0)
            (_start, _next) = (Stopwatch.GetTimestamp(), _firstAfter);
        _what = what;
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (!isOn || done >= total || elapsed < _next)
            return;
        var rate = done / Math.Max(elapsed.TotalSeconds, 1e-3);
        var left = done > 0 ? $", {Time((total - done) / rate)} left" : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{what} {done}/{total}, {rate.ToString(rate < 10 ? "F1" : "F0", CultureInfo.InvariantCulture)}/s{left}");
        if (terminal.ShowsProgress)
        {
            terminal.Error.Write($"\r\e[K{text}");
            _drawn = true;
        }
        else if (elapsed >= _speakEvery)
        {
            terminal.Error.WriteLine(text);
        }
        _next = elapsed + (terminal.ShowsProgress ? _drawEvery : _speakEvery);
    }

    /// <summary>Says what is going on where no amount is known.</summary>
    public void Report(string text)
    {
        if (!isOn || !terminal.ShowsProgress)
            return;
        terminal.Error.Write($"\r\e[K{text}");
        _drawn = true;
    }

    /// <summary>Wipes the line.</summary>
    public void Clear()
    {
        if (_drawn)
            terminal.Error.Write("\r\e[K");
        _drawn = false;
    }

    public void Dispose() => Clear();

    private static string Time(double seconds) => seconds < 90 ? $"{seconds:F0} s" : $"{seconds / 60:F0} min";
}
