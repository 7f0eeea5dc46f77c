using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Matrix;

namespace Octavo.Systems.ScBench.Studies;

/// <summary>
/// What the toy's study judges: effects, units, gates and directions of the findings of SCBench (arXiv 2412.10319), each fixed before rows were there. Numbers are those
/// of checks.json.
/// </summary>
internal static class ToyClaims
{
    private const int Runs = 3;

    private static readonly string[] _first = ["1"];
    private static readonly string[] _later = ["2", "3", "4", "5"];
    private static readonly string[] _turns = [.. _first, .. _later];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StudyClaim> All { get; } = [.. Dropping(), .. SparsePrefill(), .. Shares(), .. Questions(), .. Packing()];

    private static IEnumerable<StudyClaim> Dropping()
    {
        var (snap, full) = ((string[])[ToySettings.SnapKv], (string[])[ToySettings.Full]);
        yield return Effect("6.4.1 SnapKV", "SnapKV at a quarter loses the later turns: turns 2 to 5 minus turn 1.", Turns(snap, "1/4", _later), Turns(snap, "1/4", _first), Expected.Negative, 0.3);
        yield return AtLeast("6.4.1 SnapKV, turn 1", "SnapKV at a quarter answers the first question.", Turns(snap, "1/4", _first), 0.95);
        yield return AtMost("6.4.1 SnapKV, later", "SnapKV at a quarter loses the questions that come later.", Turns(snap, "1/4", _later), 0.35);
        yield return Effect("6.4.1 full", "The full cache loses nothing: turns 2 to 5 minus turn 1.", Turns(full, ToySettings.All, _later), Turns(full, ToySettings.All, _first), Expected.AboutZero, 0.02);
        yield return AtLeast("6.4.1 full, all turns", "The full cache answers every question.", Turns(full, ToySettings.All, _turns), 0.99);
    }

    private static IEnumerable<StudyClaim> SparsePrefill()
    {
        var (a, tri) = ((string[])[ToySettings.AShape], (string[])[ToySettings.TriShape]);
        yield return Effect("6.4.2 Tri − A", "Tri-shape gains over A-shape at turn 1.", Turns(tri, ToySettings.All, _first), Turns(a, ToySettings.All, _first), Expected.Positive, 0.3);
        yield return AtMost("6.4.2 A-shape, turn 1", "A-shape loses the first question, which it reads through its window.", Turns(a, ToySettings.All, _first), 0.4);
        yield return AtLeast("6.4.2 A-shape, later", "A-shape answers the later questions, which are read with everything.", Turns(a, ToySettings.All, _later), 0.95);
        foreach (var turn in _turns)
            yield return AtLeast($"6.4.2 Tri-shape, turn {turn}", "Tri-shape answers every question.", Turns(tri, ToySettings.All, [turn]), 0.95);
    }

    private static IEnumerable<StudyClaim> Shares()
    {
        foreach (var method in (string[])[ToySettings.SnapKv, ToySettings.StreamingLlm, ToySettings.Quest])
        {
            yield return Effect(
                $"6.4.4 {method} falls", $"{method} at a half answers more than at 1/32, over all turns.", Turns([method], "1/2", _turns), Turns([method], "1/32", _turns),
                Expected.Positive, 0.05);
            for (var i = 2; i < ToySettings.Shares.Count; i++)
            {
                var (before, now) = (ToySettings.Shares[i - 1], ToySettings.Shares[i]);
                yield return new StudyEffect(
                    $"6.4.4 {method}, step to {now}", $"{method} loses more from {before} to {now} than from 1/2 to 1/4, over all turns. The row asks it of one of the three steps.",
                    TurnFigures.Accuracy,
                    [
                        new(1, Turns([method], before, _turns)), new(-1, Turns([method], now, _turns)), new(-1, Turns([method], "1/2", _turns)), new(1, Turns([method], "1/4", _turns)),
                    ],
                    Expected.Positive, 0.05, Runs);
            }
        }
    }

    private static IEnumerable<StudyClaim> Questions()
    {
        foreach (var (method, kept) in ((string, string)[])[(ToySettings.SnapKv, "1/4"), (ToySettings.TriShape, ToySettings.All)])
        {
            yield return Effect(
                $"6.4.5 {method}", $"{method} drops where it does not see the question: turn 1 of conversations minus requests.", Turns([method], kept, _first), Requests(method, kept),
                Expected.Positive, 0.05);
            yield return new StudyEffect(
                $"6.4.5 {method} − minference", $"{method} drops more than vertical-slash reading does.", TurnFigures.Accuracy,
                [
                    new(1, Turns([method], kept, _first)), new(-1, Requests(method, kept)),
                    new(-1, Turns([ToySettings.MInference], ToySettings.All, _first)), new(1, Requests(ToySettings.MInference, ToySettings.All)),
                ],
                Expected.Positive, 0.05, Runs);
        }
        yield return AtMost("6.4.5 SnapKV, requests", "SnapKV at a quarter loses questions that it did not see.", Requests(ToySettings.SnapKv, "1/4"), 0.4);
    }

    private static IEnumerable<StudyClaim> Packing()
    {
        string[] dropping = [ToySettings.SnapKv, ToySettings.StreamingLlm, ToySettings.H2O];
        foreach (var method in (string[])[ToySettings.Quest, ToySettings.Retrieval])
        {
            yield return Effect(
                $"6.4.6 {method} − dropping", $"{method} beats SnapKV, StreamingLLM and H2O at the same quarter, over all turns.", Turns([method], "1/4", _turns),
                Turns(dropping, "1/4", _turns), Expected.Positive, 0.1);
            yield return Effect(
                $"6.4.6 full − {method}", $"{method} at a quarter still loses strings, over all turns.", Turns([ToySettings.Full], ToySettings.All, _turns), Turns([method], "1/4", _turns),
                Expected.Positive, 0.01);
        }
        yield return AtLeast("6.4.6 Quest", "Quest at a quarter.", Turns([ToySettings.Quest], "1/4", _turns), 0.85);
        yield return AtLeast("6.4.6 KIVI, 4 bits", "4 bits lose nothing; only the context's first 64 of 97 tokens are packed.", Turns([ToySettings.Kivi(4)], ToySettings.All, _turns), 0.99);
        yield return AtMost("6.4.6 KIVI, 1 bit", "1 bit loses strings; only the context's first 64 of 97 tokens are packed.", Turns([ToySettings.Kivi(1)], ToySettings.All, _turns), 0.8);
    }

    private static CellSelection Turns(string[] methods, string kept, string[] turns) => CellSelection.Of(
        (MatrixPlan.Mode, [MatrixConfig.MultiTurn]), (MatrixPlan.Method, methods), (ToyStudy.Kept, [kept]), (MatrixPlan.Turn, turns));

    private static CellSelection Requests(string method, string kept) => CellSelection.Of(
        (MatrixPlan.Mode, [MatrixConfig.MultiRequest]), (MatrixPlan.Method, [method]), (ToyStudy.Kept, [kept]));

    private static StudyEffect Effect(string name, string sentence, CellSelection cells, CellSelection minus, Expected expected, double smallest) =>
        new(name, sentence, TurnFigures.Accuracy, StudyEffect.Difference(cells, minus), expected, smallest, Runs);

    private static StudyGate AtLeast(string name, string sentence, CellSelection cells, double bound) => new(name, sentence, TurnFigures.Accuracy, cells, AtLeast: bound, Runs: Runs);

    private static StudyGate AtMost(string name, string sentence, CellSelection cells, double bound) => new(name, sentence, TurnFigures.Accuracy, cells, AtMost: bound, Runs: Runs);
}
