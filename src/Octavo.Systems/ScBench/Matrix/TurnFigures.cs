using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Running;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>What a row of a study of SCBench has: the figures of one turn, by context.</summary>
internal static class TurnFigures
{
    public const string Accuracy = "accuracy";
    public const string Parity = "released score";
    public const string Chance = "chance";
    public const string Stored = "stored";
    public const string Peak = "peak";
    public const string FirstToken = "first token";
    public const string PerToken = "per token";
    public const string Flops = "attention";
    public const string Computed = "scores computed";
    public const string Overlap = "overlap with the turn before";
    public const string Cosine = "cosine with the turn before";

    /// <summary>All of them, the headline first.</summary>
    public static IReadOnlyList<StudyMetric> Metrics { get; } =
    [
        new(Accuracy, StudyMetric.Share, Better.Higher) { Chance = Chance },
        new(Parity, StudyMetric.Share, Better.Higher),
        new(Chance, StudyMetric.Share, Better.Neither),
        new(Stored, "bytes", Better.Lower),
        new(Peak, "bytes", Better.Lower),
        new(FirstToken, "ms", Better.Lower) { IsRepeatable = false },
        new(PerToken, "ms", Better.Lower) { IsRepeatable = false },
        new(Flops, "MFLOP", Better.Lower),
        new(Computed, StudyMetric.Share, Better.Lower),
        new(Overlap, StudyMetric.Share, Better.Neither),
        new(Cosine, "", Better.Neither),
    ];

    /// <summary>The figures of a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="turns">One turn of each context, in the order of the contexts.</param>
    /// <param name="chance">What guessing reaches on the contexts, 0 to 1.</param>
    /// <param name="shifts">How far attention is that of the turn before, by context; none where it was not looked at.</param>
    public static StudyResult Of(StudyCell cell, IReadOnlyList<Prediction> turns, double chance, IReadOnlyList<(double Overlap, double Cosine)> shifts)
    {
        var answers = turns.Select(turn => turn.Answer).ToList();
        Dictionary<string, double> metrics = new()
        {
            [Chance] = chance,
            [Stored] = answers.Average(answer => answer.StoredBytes),
            [Peak] = answers.Max(answer => answer.PeakBytes),
            [FirstToken] = Math.Round(answers.Average(answer => answer.FirstToken.TotalMilliseconds), 3),
            [Flops] = answers.Average(answer => answer.Work.Operations / 1e6),
            [Computed] = (double)answers.Sum(answer => answer.Work.Scores) / answers.Sum(answer => answer.Work.AllScores),
        };
        if (answers.Where(answer => answer.Generated > 1).Select(answer => answer.PerToken.TotalMilliseconds).ToList() is { Count: > 0 } further)
            metrics[PerToken] = Math.Round(further.Average(), 3);
        Dictionary<string, IReadOnlyList<double>> samples = new()
        {
            [Accuracy] = [.. turns.Select(turn => turn.Strict)], [Parity] = [.. turns.Select(turn => turn.Parity)],
        };
        if (shifts.Count > 0)
            (samples[Overlap], samples[Cosine]) = ([.. shifts.Select(shift => shift.Overlap)], [.. shifts.Select(shift => shift.Cosine)]);
        return new StudyResult(cell) { Metrics = metrics, Samples = samples };
    }
}
