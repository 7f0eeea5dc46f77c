using Octavo.Core;

namespace Octavo.Evaluation.Studies;

/// <summary>
/// Runs the cells that have no row yet, in the plan's order, and writes each down as it comes. What is killed or cancelled goes on with the
/// next call.
/// </summary>
/// <param name="plan">What to run.</param>
/// <param name="origin">What runs it.</param>
/// <param name="clock">The system's by default.</param>
internal sealed class StudyRunner(StudyPlan plan, StudyOrigin origin, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Told after each cell.</summary>
    public IProgress<StudyProgress>? Progress { get; init; }

    /// <summary>Runs cells again that failed.</summary>
    public bool RetriesFailures { get; init; }

    /// <summary>Runs cells one by one.</summary>
    /// <param name="log">Where rows are and go.</param>
    /// <param name="run">Runs a cell.</param>
    /// <param name="cancellationToken">Asked between cells, and handed on.</param>
    /// <returns>All rows.</returns>
    public StudyRows Run(StudyLog log, Func<StudyCell, CancellationToken, StudyResult> run, CancellationToken cancellationToken) =>
        RunGroups(log, (cells, token) => cells.Select(cell => Run(cell, run, token)), cancellationToken);

    /// <summary>Runs cells in groups that share work (<see cref="StudyPlan.SharedWork"/>).</summary>
    /// <param name="log">Where rows are and go.</param>
    /// <param name="run">
    /// Runs the cells of a group that have no row yet: yields one result for each, in any order, as soon as it is there. A cell that it cannot run it
    /// yields as failed; an <see cref="UnsupportedException"/>, <see cref="ResourceException"/>, <see cref="EvaluationException"/> or
    /// <see cref="ShapeException"/> that it throws is the failure of all that are open.
    /// </param>
    /// <param name="cancellationToken">Asked between cells, and handed on.</param>
    /// <returns>All rows.</returns>
    /// <exception cref="EvaluationException">A group yields a cell twice, one that it was not asked for, or not all.</exception>
    public StudyRows RunGroups(
        StudyLog log, Func<IReadOnlyList<StudyCell>, CancellationToken, IEnumerable<StudyResult>> run, CancellationToken cancellationToken)
    {
        var groups = plan.Groups().Select(group => group.Where(cell => IsOpen(log.Rows[cell])).ToList()).Where(group => group.Count > 0).ToList();
        var (done, total) = (0, groups.Sum(group => group.Count));
        Progress?.Report(new StudyProgress(0, total, null));
        foreach (var group in groups)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in Rows(group, run, cancellationToken))
            {
                log.Add(row);
                Progress?.Report(new StudyProgress(++done, total, row.Cell));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        return log.Rows;
    }

    private bool IsOpen(StudyRow? row) => row is null || (RetriesFailures && row.Result.Failure is not null);

    private static StudyResult Run(StudyCell cell, Func<StudyCell, CancellationToken, StudyResult> run, CancellationToken cancellationToken)
    {
        try
        {
            return run(cell, cancellationToken);
        }
        catch (OctavoException error) when (IsOfTheCell(error))
        {
            return StudyResult.Failed(cell, error.Message);
        }
    }

    private IEnumerable<StudyRow> Rows(
        List<StudyCell> group, Func<IReadOnlyList<StudyCell>, CancellationToken, IEnumerable<StudyResult>> run, CancellationToken cancellationToken)
    {
        var open = group.ToHashSet();
        var start = _clock.GetTimestamp();
        foreach (var result in Failing(() => run(group, cancellationToken), () => group.Where(open.Contains)))
        {
            if (!open.Remove(result.Cell))
                throw new EvaluationException($"study {plan.Name}: a group gave {result.Cell}, which it was not asked for or gave before.");
            yield return new StudyRow(WithMeans(result), origin, Math.Round(_clock.GetElapsedTime(start).TotalSeconds, 3));
            start = _clock.GetTimestamp();
        }
        if (open.Count > 0)
            throw new EvaluationException($"study {plan.Name}: a group ended without {open.Count} of its cells, such as {open.First()}.");
    }

    // an iterator cannot yield within a catch
    private static IEnumerable<StudyResult> Failing(Func<IEnumerable<StudyResult>> run, Func<IEnumerable<StudyCell>> open)
    {
        IEnumerator<StudyResult>? results = null;
        while (true)
        {
            string? failure = null;
            try
            {
                results ??= run().GetEnumerator();
                if (!results.MoveNext())
                    yield break;
            }
            catch (OctavoException error) when (IsOfTheCell(error))
            {
                failure = error.Message;
            }
            if (failure is null)
            {
                yield return results!.Current;
                continue;
            }
            foreach (var cell in open().ToList())
                yield return StudyResult.Failed(cell, failure);
            yield break;
        }
    }

    // a wrong path or option would fail every cell in the same way: that ends the study
    private static bool IsOfTheCell(OctavoException error) => error is UnsupportedException or ResourceException or EvaluationException or ShapeException;

    private static StudyResult WithMeans(StudyResult result)
    {
        Dictionary<string, double> metrics = new(result.Metrics);
        foreach (var (name, values) in result.Samples)
            metrics.TryAdd(name, values.Count > 0 ? values.Average() : double.NaN);
        return result with { Metrics = metrics };
    }
}
