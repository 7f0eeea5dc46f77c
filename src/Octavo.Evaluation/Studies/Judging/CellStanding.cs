using System.Globalization;

namespace Octavo.Evaluation.Studies.Judging;

/// <summary>Which cells count: those whose reference is better than guessing by the plan's margin.</summary>
internal sealed class CellStanding
{
    private readonly StudyPlan _plan;
    private readonly Dictionary<string, string?> _reasons = [];
    private readonly Dictionary<string, List<StudyRow>> _references = [];

    public CellStanding(StudyPlan plan, StudyRows rows)
    {
        _plan = plan;
        if (plan.Qualification is not { } rule)
            return;
        var references = plan.Cells().Where(cell => rule.Reference.All(one => cell[one.Factor] == one.Value)).Select(cell => rows[cell]).OfType<StudyRow>();
        _references = references.GroupBy(row => Name(row.Cell, rule)).ToDictionary(group => group.Key, group => group.ToList());
    }

    /// <summary>Why a cell does not count; null where it does, or where its reference was not run.</summary>
    public string? Off(StudyCell cell)
    {
        if (_plan.Qualification is not { } rule)
            return null;
        var reference = Name(cell.With(rule.Reference), rule);
        if (!_reasons.TryGetValue(reference, out var reason))
            _reasons[reference] = reason = Reason(reference, rule);
        return reason;
    }

    private string? Reason(string reference, StudyQualification rule)
    {
        var metric = _plan.Metric(rule.Metric);
        var rows = _references.GetValueOrDefault(reference, []).Where(row => !double.IsNaN(row[metric.Name]) && !double.IsNaN(row[metric.Chance!])).ToList();
        if (rows.Count == 0)
            return null;
        var (reached, chance) = (rows.Average(row => row[metric.Name]), rows.Average(row => row[metric.Chance!]));
        if (reached >= chance + rule.Margin)
            return null;
        var what = string.Join(" · ", rule.Reference.Select(one => one.Value));
        return string.Create(CultureInfo.InvariantCulture,
            $"{what} reaches {FigureText.Of(metric, reached)} where guessing reaches {FigureText.Of(metric, chance)}: less than {rule.Margin * 100:0.#} points above, the model cannot do this");
    }

    // seeds together: whether a model can do a task is not asked of each
    private string Name(StudyCell cell, StudyQualification rule) => cell.Part(rule.Apart ?? _plan.Factors.Select(factor => factor.Name));
}
