using System.Diagnostics;
using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Training.Recipes;

namespace Octavo.Cli.Train;

/// <summary>How a run goes, on the error stream: one line that is drawn over itself on a terminal, else one every half minute.</summary>
internal sealed class TrainingLine(Terminal terminal, bool isOn) : IDisposable
{
    private const double Smoothing = 0.9;
    private static readonly TimeSpan _speakEvery = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long? _firstStep;
    private double _firstSeconds;
    private double? _loss;
    private double? _rate;
    private TimeSpan _next = TimeSpan.Zero;
    private bool _isDrawn;

    public void Report(StepReport step)
    {
        _loss = _loss is { } loss ? (Smoothing * loss) + ((1 - Smoothing) * step.Loss) : step.Loss;
        _rate = _rate is { } rate ? (Smoothing * rate) + ((1 - Smoothing) * step.TokensPerSecond) : step.TokensPerSecond;
        if (_firstStep is null)
            (_firstStep, _firstSeconds) = (step.Step, _watch.Elapsed.TotalSeconds);
        if (!isOn || (!terminal.ShowsProgress && _watch.Elapsed < _next && step.Step < step.Total))
            return;
        _next = _watch.Elapsed + _speakEvery;
        var text = Text(step);
        if (terminal.ShowsProgress)
        {
            terminal.Error.Write($"\r\e[K{text}");
            _isDrawn = true;
        }
        else
        {
            terminal.Error.WriteLine(text);
        }
    }

    public void Tell(string text)
    {
        Wipe();
        terminal.Error.WriteLine($"octavo: {text}");
    }

    public void Dispose() => Wipe();

    private string Text(StepReport step)
    {
        const int Width = 20;
        var filled = (int)(Width * step.Step / step.Total);
        var bar = new string('━', filled) + new string('╌', Width - filled);
        var steps = step.Step - _firstStep!.Value;
        var left = steps > 0 ? Time((step.Total - step.Step) * (_watch.Elapsed.TotalSeconds - _firstSeconds) / steps) + " left" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{bar} {step.Step}/{step.Total}  epoch {step.Epoch:0.00}  loss {_loss:0.0000}  lr {step.LearningRate:0.00e+0}  {_rate:0} tok/s  {Time(_watch.Elapsed.TotalSeconds)}  {left}");
    }

    private static string Time(double seconds) => seconds < 60 ? $"{seconds:0} s"
        : seconds < 3600 ? string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 3600}:{(int)seconds / 60 % 60:00}:{(int)seconds % 60:00}");

    private void Wipe()
    {
        if (_isDrawn)
            terminal.Error.Write("\r\e[K");
        _isDrawn = false;
    }
}
