using System.Globalization;

namespace Octavo.Evaluation.Studies;

/// <summary>Something that a study says, judged by a rule that is fixed before it runs.</summary>
/// <param name="Name">Short, such as "6.4.1".</param>
/// <param name="Sentence">What is claimed, in words.</param>
/// <param name="Metric">What it is judged by.</param>
internal abstract record StudyClaim(string Name, string Sentence, string Metric)
{
    /// <summary>The cells that it looks at, each with its weight in the figure.</summary>
    public abstract IReadOnlyList<StudyTerm> Terms { get; }

    /// <summary>What may not change once rows are there, as a text.</summary>
    public abstract string Fixed { get; }

    /// <summary>The rule in words.</summary>
    /// <param name="metric">The claim's metric, for its unit.</param>
    public abstract string Rule(StudyMetric metric);

    protected string TermsText => string.Join(" ; ", Terms.Select(term => string.Create(CultureInfo.InvariantCulture, $"{term.Weight} x {term.Cells}")));
}

/// <summary>A part of a difference.</summary>
/// <param name="Weight">Its mean is multiplied by it.</param>
/// <param name="Cells">Whose mean.</param>
internal sealed record StudyTerm(double Weight, CellSelection Cells);

/// <summary>What an effect is expected to be.</summary>
internal enum Expected
{
    /// <summary>Above 0 by the smallest size or more.</summary>
    Positive,

    /// <summary>Below 0 by the smallest size or more.</summary>
    Negative,

    /// <summary>Within the smallest size around 0.</summary>
    AboutZero,
}

/// <summary>A weighted sum of means of cells, of a difference mostly: <c>A minus B</c>, or <c>(A minus B) minus (C minus D)</c>.</summary>
/// <param name="Name">Short.</param>
/// <param name="Sentence">What is claimed.</param>
/// <param name="Metric">What is compared.</param>
/// <param name="Sum">Cells and weights.</param>
/// <param name="Expected">Which way it goes.</param>
/// <param name="Smallest">The smallest size that counts, in the metric's unit: 0.05 is five percentage points.</param>
/// <param name="Runs">How many seeds it needs.</param>
internal sealed record StudyEffect(
    string Name, string Sentence, string Metric, IReadOnlyList<StudyTerm> Sum, Expected Expected, double Smallest, int Runs)
    : StudyClaim(Name, Sentence, Metric)
{
    public override IReadOnlyList<StudyTerm> Terms => Sum;

    public override string Fixed => string.Create(CultureInfo.InvariantCulture, $"effect {Name} {Metric} {TermsText} {Expected} {Smallest} {Runs}");

    /// <summary>One group of cells minus another.</summary>
    public static IReadOnlyList<StudyTerm> Difference(CellSelection cells, CellSelection minus) => [new(1, cells), new(-1, minus)];

    public override string Rule(StudyMetric metric)
    {
        var size = FigureText.Difference(metric, Smallest);
        var what = Expected switch
        {
            Expected.Positive => $"at least +{size}",
            Expected.Negative => $"at most −{size}",
            _ => $"within ±{size}",
        };
        return $"{what}, {Runs} {(Runs == 1 ? "run" : "runs")}";
    }
}

/// <summary>A bound that a mean of cells keeps.</summary>
/// <param name="Name">Short.</param>
/// <param name="Sentence">What is claimed.</param>
/// <param name="Metric">What is bounded.</param>
/// <param name="Cells">Whose mean.</param>
/// <param name="AtLeast">The mean reaches it; null where there is none.</param>
/// <param name="AtMost">The mean does not exceed it; null where there is none.</param>
/// <param name="Runs">How many seeds it needs.</param>
internal sealed record StudyGate(
    string Name, string Sentence, string Metric, CellSelection Cells, double? AtLeast = null, double? AtMost = null, int Runs = 1)
    : StudyClaim(Name, Sentence, Metric)
{
    public override IReadOnlyList<StudyTerm> Terms => [new(1, Cells)];

    public override string Fixed => string.Create(CultureInfo.InvariantCulture, $"gate {Name} {Metric} {TermsText} {AtLeast} {AtMost} {Runs}");

    public override string Rule(StudyMetric metric)
    {
        List<string> bounds = [];
        if (AtLeast is { } least)
            bounds.Add("at least " + FigureText.Of(metric, least));
        if (AtMost is { } most)
            bounds.Add("at most " + FigureText.Of(metric, most));
        return $"{string.Join(", ", bounds)}, {Runs} {(Runs == 1 ? "run" : "runs")}";
    }
}
