using System.Globalization;
using Octavo.Cli.Output;
using Octavo.Evaluation.Metrics;
using Octavo.Evaluation.Running;

namespace Octavo.Cli.Evaluations;

/// <summary>The figures of an evaluation as a table.</summary>
internal static class EvaluationTable
{
    public static void Write(Terminal terminal, IReadOnlyList<TaskFigures> tasks)
    {
        var rows = tasks.SelectMany(task => task.Metrics
            .Select(figure => new[] { task.Task, task.Split, figure.Name, Number(figure.Value), Range(figure.Interval), figure.Count.ToString(CultureInfo.InvariantCulture) }));
        new Rich(terminal).Table(["task", "split", "metric", ">value", ">95 %", ">samples"], rows.Select(row => row.Select(Rich.Plain).ToArray()));
    }

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Range(Interval interval) => $"{Number(interval.Low)} to {Number(interval.High)}";
}
