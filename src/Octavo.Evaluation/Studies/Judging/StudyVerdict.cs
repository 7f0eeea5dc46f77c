namespace Octavo.Evaluation.Studies.Judging;

/// <summary>How a claim came out.</summary>
internal enum Outcome
{
    Holds,
    DoesNotHold,
    Inconclusive,
}

/// <summary>A claim, its figure, and what the rule that was fixed beforehand makes of it.</summary>
/// <param name="Claim">What was claimed.</param>
/// <param name="Figure">What came out.</param>
/// <param name="Outcome">The verdict.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record StudyVerdict(StudyClaim Claim, StudyFigure Figure, Outcome Outcome, string Reason)
{
    /// <summary>Judges a claim.</summary>
    public static StudyVerdict Of(StudyClaim claim, StudyFigures figures)
    {
        var (figure, lacking) = figures.Of(claim);
        var (outcome, reason) = claim switch
        {
            StudyEffect effect => Judge(effect, figure),
            StudyGate gate => Judge(gate, figure),
            _ => throw new ArgumentException($"a claim of kind {claim.GetType().Name} has no rule.", nameof(claim)),
        };
        return new StudyVerdict(claim, figure, outcome, string.Join("; ", new[] { reason, lacking }.Where(text => !string.IsNullOrEmpty(text))));
    }

    /// <summary>Such as "does not hold".</summary>
    public static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Holds => "holds",
        Outcome.DoesNotHold => "does not hold",
        _ => "inconclusive",
    };

    private static (Outcome, string) Judge(StudyEffect effect, StudyFigure figure)
    {
        var (value, interval, smallest) = (figure.Value, figure.Interval, effect.Smallest);
        if (figure.Seeds < effect.Runs)
            return (Outcome.Inconclusive, $"{figure.Seeds} of {effect.Runs} runs are whole");
        if (double.IsNaN(interval.Low))
            return (Outcome.Inconclusive, "there is no interval");
        if (effect.Expected == Expected.AboutZero)
        {
            return interval.Low >= -smallest && interval.High <= smallest ? (Outcome.Holds, "the interval lies within the bound")
                : interval.Low > smallest || interval.High < -smallest ? (Outcome.DoesNotHold, "the interval lies outside the bound")
                : (Outcome.Inconclusive, "the interval crosses the bound");
        }
        // an effect that is not there has no half: the size that counts stands for it
        if (interval.Width > Math.Max(Math.Abs(value), smallest) / 2)
            return (Outcome.Inconclusive, "the interval is wider than half the effect");
        var towards = effect.Expected == Expected.Positive ? value : -value;
        return towards >= smallest ? (Outcome.Holds, "") : (Outcome.DoesNotHold, towards < 0 ? "it goes the other way" : "it is smaller than what counts");
    }

    private static (Outcome, string) Judge(StudyGate gate, StudyFigure figure)
    {
        if (figure.Seeds < gate.Runs)
            return (Outcome.Inconclusive, $"{figure.Seeds} of {gate.Runs} runs are whole");
        return figure.Value < gate.AtLeast ? (Outcome.DoesNotHold, "it is below the bound")
            : figure.Value > gate.AtMost ? (Outcome.DoesNotHold, "it is above the bound")
            : (Outcome.Holds, "");
    }
}
