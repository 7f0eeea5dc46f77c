using System.Text.Json;
using Octavo.Evaluation.Metrics;
using Octavo.Evaluation.Tasks;

namespace Octavo.Evaluation.Running;

/// <summary>What a task's samples come to.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Split">The split that was asked.</param>
/// <param name="Metrics">Its figures, the headline first; the last is the share of answers that ended by themselves, where any were generated.</param>
/// <param name="Tokens">Tokens that were generated or scored.</param>
internal sealed record TaskFigures(string Task, string Split, IReadOnlyList<MetricFigure> Metrics, int Tokens)
{
    public static TaskFigures Of(EvaluationTask task, string split, IReadOnlyList<SampleRecord> records, ulong seed)
    {
        var metrics = task.Metrics.Select(metric => MetricFigure.Of(metric, records, seed)).ToList();
        var answers = records.Where(record => record.Stopped is not null).ToList();
        if (answers.Count > 0)
        {
            var stopped = answers.Count(record => record.Stopped == true);
            metrics.Add(new MetricFigure("stopped", (double)stopped / answers.Count, Interval.Wilson(stopped, answers.Count), answers.Count));
        }
        return new TaskFigures(task.Name, split, metrics, records.Sum(record => record.Tokens));
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("task", Task);
        json.WriteString("split", Split);
        foreach (var figure in Metrics)
        {
            json.WriteStartObject(figure.Name);
            json.WriteNumber("value", figure.Value);
            json.WriteNumber("low", figure.Interval.Low);
            json.WriteNumber("high", figure.Interval.High);
            json.WriteNumber("samples", figure.Count);
            json.WriteEndObject();
        }
        json.WriteNumber("tokens", Tokens);
        json.WriteEndObject();
    }
}
