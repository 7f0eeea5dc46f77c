using System.Globalization;
using Octavo.Core;

namespace Octavo.Evaluation.Studies;

/// <summary>One recorded cell, run again.</summary>
/// <param name="Cell">Which one.</param>
/// <param name="Compared">The metrics that were compared: those that do not hang on a clock.</param>
/// <param name="Differences">What came out otherwise, a line each.</param>
internal sealed record StudyVerification(StudyCell Cell, IReadOnlyList<string> Compared, IReadOnlyList<string> Differences)
{
    // sums of samples may be in another order on a machine with other vectors
    private const double Slack = 1e-9;

    /// <summary>Chooses a row, runs its cell again and compares.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rows">What was recorded.</param>
    /// <param name="seed">Chooses the cell among those that did not fail.</param>
    /// <param name="run">Runs cells.</param>
    /// <param name="cancellationToken">Handed on.</param>
    /// <exception cref="EvaluationException">No row can be compared, or the cell gave nothing.</exception>
    public static StudyVerification Run(
        StudyPlan plan, StudyRows rows, ulong seed, Func<IReadOnlyList<StudyCell>, CancellationToken, IEnumerable<StudyResult>> run,
        CancellationToken cancellationToken)
    {
        var there = plan.Cells().Where(cell => rows[cell] is { Result.Failure: null }).ToList();
        if (there.Count == 0)
            throw new EvaluationException($"study {plan.Name} has no row that could be run again. Run it first: octavo study {plan.Name}.");
        var cell = there[new SeededRandom(seed).Next(there.Count)];
        var again = run([cell], cancellationToken).FirstOrDefault(result => result.Cell.Equals(cell))
            ?? throw new EvaluationException($"study {plan.Name}: {cell} gave no result.");
        return Compare(plan, rows[cell]!.Result, again);
    }

    private static StudyVerification Compare(StudyPlan plan, StudyResult recorded, StudyResult again)
    {
        List<string> differences = [];
        if (again.Failure is { } failure)
            differences.Add($"it fails now: {failure}");
        var names = plan.Metrics.Where(metric => metric.IsRepeatable && recorded.Metrics.ContainsKey(metric.Name)).Select(metric => metric.Name).ToList();
        foreach (var name in names.Where(_ => again.Failure is null))
        {
            var (before, now) = (Values(recorded, name), Values(again, name));
            if (before.Count != now.Count)
                differences.Add($"{name}: {now.Count} samples instead of {before.Count}");
            else if (Enumerable.Range(0, before.Count).Where(i => !IsSame(before[i], now[i])).ToList() is { Count: > 0 } others)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: {now.Average():R} instead of {before.Average():R}; {others.Count} of {before.Count} samples differ, the first is {others[0]}"));
            }
        }
        return new StudyVerification(recorded.Cell, names, differences);
    }

    private static IReadOnlyList<double> Values(StudyResult result, string name) =>
        result.Samples.GetValueOrDefault(name) ?? [result.Metrics.GetValueOrDefault(name, double.NaN)];

    private static bool IsSame(double before, double now) => before.Equals(now) || Math.Abs(before - now) <= Slack * Math.Max(1, Math.Abs(before));
}
