using Octavo.Evaluation.Charts;

namespace Octavo.Training.Runs;

/// <summary>Where training stands after a step.</summary>
/// <param name="Step">Steps done, those before a resumption included.</param>
/// <param name="Steps">Steps of the whole run; 0 where nobody knows.</param>
/// <param name="Tokens">Trained on since the run began.</param>
/// <param name="Loss">Of this step.</param>
/// <param name="LearningRate">Of this step.</param>
/// <param name="MemoryBytes">That the process has resident; 0 is not shown.</param>
internal readonly record struct TrainingStep(long Step, long Steps, long Tokens, double Loss, double LearningRate, long MemoryBytes = 0);

/// <summary>
/// Turns steps into one line: step, smoothed loss, tokens per second, time left, learning rate, time, memory. Rates are those of the
/// last half minute, so that the slow first step and a pause are forgotten. Writes nothing and has no clock but the given one.
/// </summary>
/// <param name="clock">The time.</param>
internal sealed class ProgressState(TimeProvider clock)
{
    private const double Weight = 0.9;
    private const int BarWidth = 14, LeastMarks = 8;

    private static readonly TimeSpan _window = TimeSpan.FromSeconds(30);

    // steps before the first that was seen are another process's where a run was resumed: nothing counts from zero
    private readonly Queue<(long Time, long Step, long Tokens)> _marks = [];
    private readonly long _start = clock.GetTimestamp();
    private double _sum, _weights;
    private (long Time, long Step, long Tokens) _newest;

    /// <summary>The newest step.</summary>
    public TrainingStep Last { get; private set; } = new(0, 0, 0, double.NaN, 0);

    /// <summary>The loss without the noise of single steps; what is no number for as long as the newest loss is none.</summary>
    public double SmoothedLoss => double.IsFinite(Last.Loss) && _weights > 0 ? _sum / _weights : double.NaN;

    /// <summary>Null until there are two steps to tell it from.</summary>
    public double? TokensPerSecond => Per(mark => mark.Tokens);

    /// <summary>Null where it is not known.</summary>
    public TimeSpan? Left => Last.Steps > 0 && Per(mark => mark.Step) is { } rate and > 0
        ? TimeSpan.FromSeconds(Math.Max(0, Last.Steps - Last.Step) / rate)
        : null;

    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>Takes the state after a step.</summary>
    public void Update(TrainingStep step)
    {
        Last = step;
        if (double.IsFinite(step.Loss))
            (_sum, _weights) = ((Weight * _sum) + step.Loss, (Weight * _weights) + 1);
        _newest = (clock.GetTimestamp(), step.Step, step.Tokens);
        _marks.Enqueue(_newest);
        while (_marks.Count > LeastMarks && clock.GetElapsedTime(_marks.Peek().Time, _newest.Time) > _window)
            _marks.Dequeue();
    }

    /// <summary>The line, at most <paramref name="width"/> columns; parts that matter least go first where it is too long.</summary>
    public string Render(int width)
    {
        // in the order of the line, each with how soon it goes
        List<(int Rank, string Text)> parts =
        [
            (0, Last.Steps > 0 ? $"step {ChartNumber.Count(Last.Step)}/{ChartNumber.Count(Last.Steps)}" : $"step {ChartNumber.Count(Last.Step)}"),
            (6, Last.Steps > 0 ? Bar(Last.Step / (double)Last.Steps) : ""),
            (1, "loss " + ChartNumber.Short(SmoothedLoss)),
            (3, TokensPerSecond is { } rate ? ChartNumber.Short(rate, 3) + " tokens/s" : ""),
            (5, "lr " + ChartNumber.Short(Last.LearningRate, 3)),
            (4, ChartNumber.Time(Elapsed)),
            (2, Left is { } left ? ChartNumber.Time(left) + " left" : ""),
            (7, Last.MemoryBytes > 0 ? ChartNumber.Bytes(Last.MemoryBytes) : ""),
        ];
        parts.RemoveAll(part => part.Text.Length == 0);
        while (parts.Count > 1 && Length(parts) > width)
            parts.Remove(parts.MaxBy(part => part.Rank));
        var line = string.Join("  ", parts.Select(part => part.Text));
        return line.Length > width ? line[..width] : line;
    }

    private static int Length(List<(int Rank, string Text)> parts) => parts.Sum(part => part.Text.Length) + (2 * (parts.Count - 1));

    private static string Bar(double part)
    {
        var filled = (int)(Math.Clamp(part, 0, 1) * BarWidth);
        return new string('━', filled) + new string('╌', BarWidth - filled);
    }

    private double? Per(Func<(long Time, long Step, long Tokens), long> amount)
    {
        if (_marks.Count < 2)
            return null;
        var oldest = _marks.Peek();
        var seconds = clock.GetElapsedTime(oldest.Time, _newest.Time).TotalSeconds;
        return seconds > 0 ? (amount(_newest) - amount(oldest)) / seconds : null;
    }
}
