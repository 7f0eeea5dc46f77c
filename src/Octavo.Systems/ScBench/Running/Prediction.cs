using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Running;

/// <summary>One answer with all that is needed to judge it again: a line of a predictions file.</summary>
/// <param name="Id">The row's number.</param>
/// <param name="Task">The task of the run.</param>
/// <param name="Part">The task of the turn, which scores it: that of the run, or a part of a mixture.</param>
/// <param name="Mode">How questions share the context.</param>
/// <param name="History">Which answers stand in the conversation.</param>
/// <param name="Kv">What looked after keys and values.</param>
/// <param name="Gold">What should have been answered.</param>
/// <param name="LeftOut">Tokens of the context's middle that were left out.</param>
/// <param name="Answer">What the turn gave and took.</param>
/// <param name="Parity">The score of the released code, 0 to 1.</param>
/// <param name="Strict">The strict score, 0 to 1.</param>
internal sealed record Prediction(
    long Id, string Task, string Part, ContextMode Mode, AnswerHistory History, string Kv, GoldAnswer Gold, int LeftOut, TurnAnswer Answer,
    double Parity, double Strict)
{
    /// <summary>The same, judged again by its task's scorer.</summary>
    public Prediction Judged()
    {
        var rules = TaskRules.Of(Task);
        var scorer = rules.Parts.FirstOrDefault(part => part.Name == Part)?.Scorer ?? rules.Scorer;
        return this with { Parity = scorer.Parity(Answer.Prediction, Gold), Strict = scorer.Strict(Answer.Prediction, Gold) };
    }
}
