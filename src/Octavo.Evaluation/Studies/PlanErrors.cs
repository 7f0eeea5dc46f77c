namespace Octavo.Evaluation.Studies;

/// <summary>What is wrong with a plan.</summary>
internal static class PlanErrors
{
    /// <summary>All of it, a sentence each.</summary>
    public static IEnumerable<string> Of(StudyPlan plan) =>
        [.. OfGrid(plan), .. OfMetrics(plan), .. plan.Claims.SelectMany(claim => OfClaim(plan, claim)), .. plan.Views.SelectMany(view => OfView(plan, view))];

    private static IEnumerable<string> OfGrid(StudyPlan plan)
    {
        if (plan.Name.Length == 0 || plan.Name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
            yield return $"the name '{plan.Name}' has to be of small letters, digits and '-'.";
        if (plan.Factors.Count == 0 || plan.Seeds.Count == 0 || plan.Metrics.Count == 0)
            yield return "it needs a factor, a seed and a metric.";
        foreach (var twice in Twice(plan.Factors.Select(factor => factor.Name).Append("seed")).Concat(Twice(plan.Metrics.Select(metric => metric.Name))))
            yield return $"'{twice}' is the name of two factors or metrics; seed is a factor by itself.";
        foreach (var twice in Twice(plan.Seeds))
            yield return $"seed {twice} is in it twice.";
        foreach (var factor in plan.Factors)
        {
            if (factor.Values.Count == 0)
                yield return $"factor {factor.Name} has no values.";
            foreach (var twice in Twice(factor.Values))
                yield return $"factor {factor.Name} has '{twice}' twice.";
            foreach (var value in factor.Values.Append(factor.Name).Where(value => value.Length == 0 || value.Any(letter => letter == '|' || char.IsControl(letter))))
                yield return $"factor {factor.Name}: '{value}' is empty, or has '|' or a control character, which end a value in a cell's key.";
        }
        foreach (var name in Unknown(plan, plan.SharedWork ?? []))
            yield return $"cells share work by '{name}', which is no factor.";
    }

    private static IEnumerable<string> OfMetrics(StudyPlan plan)
    {
        var names = plan.Metrics.Select(metric => metric.Name).ToList();
        foreach (var metric in plan.Metrics.Where(metric => metric.Chance is { } chance && !names.Contains(chance)))
            yield return $"the chance level of {metric.Name} is '{metric.Chance}', which is no metric.";
        if (plan.Qualification is not { } rule)
            yield break;
        if (plan.Metrics.FirstOrDefault(metric => metric.Name == rule.Metric) is not { Chance: not null })
            yield return $"cells count by '{rule.Metric}', which is no metric with a chance level.";
        foreach (var name in Unknown(plan, rule.Apart ?? []))
            yield return $"cells count by '{name}', which is no factor.";
        foreach (var error in OfSelection(plan, new CellSelection([.. rule.Reference.Select(one => (one.Factor, new[] { one.Value }))]), "the reference"))
            yield return error;
    }

    private static IEnumerable<string> OfClaim(StudyPlan plan, StudyClaim claim)
    {
        if (plan.Metrics.All(metric => metric.Name != claim.Metric))
            yield return $"claim {claim.Name} is judged by '{claim.Metric}', which is no metric.";
        if (claim is StudyEffect { Smallest: not > 0 })
            yield return $"claim {claim.Name}: the smallest size that counts has to be above 0.";
        if (claim is StudyGate { AtLeast: null, AtMost: null })
            yield return $"claim {claim.Name} has no bound.";
        if (claim.Terms.Count == 0)
            yield return $"claim {claim.Name} looks at no cells.";
        var errors = claim.Terms.SelectMany(term => OfSelection(plan, term.Cells, $"claim {claim.Name}")).ToList();
        foreach (var error in errors)
            yield return error;
        if (errors.Count > 0)
            yield break;
        foreach (var term in claim.Terms.Where(term => !plan.Cells().Any(term.Cells.Has)))
            yield return $"claim {claim.Name}: no cell is {term.Cells}.";
    }

    private static IEnumerable<string> OfView(StudyPlan plan, StudyView view)
    {
        foreach (var name in Unknown(plan, view.Each is { } each ? [each, .. view.Factors] : view.Factors))
            yield return $"'{view.Title}' shows '{name}', which is no factor.";
        foreach (var name in view.Metrics.Where(name => plan.Metrics.All(metric => metric.Name != name)))
            yield return $"'{view.Title}' shows '{name}', which is no metric.";
        foreach (var error in OfSelection(plan, view.Cells, $"'{view.Title}'"))
            yield return error;
    }

    private static IEnumerable<string> OfSelection(StudyPlan plan, CellSelection cells, string where)
    {
        foreach (var (name, values) in cells.Where)
        {
            if (plan.Factors.FirstOrDefault(factor => factor.Name == name) is not { } factor)
                yield return $"{where}: '{name}' is no factor.";
            else
            {
                foreach (var value in values.Except(factor.Values))
                    yield return $"{where}: {name} has no value '{value}'; it has {string.Join(", ", factor.Values)}.";
            }
        }
    }

    private static IEnumerable<string> Unknown(StudyPlan plan, IEnumerable<string> names) => names.Except(plan.Factors.Select(factor => factor.Name));

    private static IEnumerable<T> Twice<T>(IEnumerable<T> values) => values.GroupBy(value => value).Where(group => group.Count() > 1).Select(group => group.Key);
}
