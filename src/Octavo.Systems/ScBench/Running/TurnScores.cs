using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Running;

/// <summary>The figures of one setting in one mode.</summary>
/// <param name="Task">The task.</param>
/// <param name="Mode">How questions share the context.</param>
/// <param name="History">Which answers stand in the conversation.</param>
/// <param name="Kv">What looked after keys and values.</param>
/// <param name="Rows">How many contexts.</param>
/// <param name="Parity">Mean of the released code's score for each turn, 0 to 100.</param>
/// <param name="Strict">Mean of the strict score for each turn, 0 to 100.</param>
/// <param name="StoredBytes">Mean over turns and rows.</param>
/// <param name="PeakBytes">The most of any row.</param>
/// <param name="FirstTokenMs">Mean time to the first token of turns after the first, in milliseconds; of the first where there is no other.</param>
/// <param name="PerTokenMs">Mean time of further tokens, in milliseconds.</param>
internal sealed record TurnScores(
    string Task, ContextMode Mode, AnswerHistory History, string Kv, int Rows, IReadOnlyList<double> Parity, IReadOnlyList<double> Strict,
    double StoredBytes, long PeakBytes, double FirstTokenMs, double PerTokenMs)
{
    /// <summary>Mean over turns of the released code's score.</summary>
    public double Mean => Parity.Average();

    /// <summary>Mean over turns of the strict score.</summary>
    public double StrictMean => Strict.Average();

    /// <summary>Figures for each task, mode and setting, in the order in which they come.</summary>
    public static IReadOnlyList<TurnScores> Of(IEnumerable<Prediction> predictions) =>
    [
        .. predictions.GroupBy(row => (row.Task, row.Mode, row.History, row.Kv)).Select(group =>
        {
            var turns = group.GroupBy(row => row.Answer.Turn).OrderBy(turn => turn.Key).ToList();
            var later = group.Where(row => row.Answer.Turn > 1).ToList();
            var timed = later.Count > 0 ? later : [.. group];
            var decoded = group.Where(row => row.Answer.Generated > 1).Select(row => row.Answer.PerToken.TotalMilliseconds).DefaultIfEmpty(0);
            return new TurnScores(
                group.Key.Task, group.Key.Mode, group.Key.History, group.Key.Kv, group.Select(row => row.Id).Distinct().Count(),
                [.. turns.Select(turn => 100 * turn.Average(row => row.Parity))], [.. turns.Select(turn => 100 * turn.Average(row => row.Strict))],
                group.Average(row => row.Answer.StoredBytes), group.Max(row => row.Answer.PeakBytes),
                timed.Average(row => row.Answer.FirstToken.TotalMilliseconds), decoded.Average());
        }),
    ];
}
