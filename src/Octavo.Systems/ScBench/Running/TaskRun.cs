using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;

namespace Octavo.Systems.ScBench.Running;

/// <summary>Runs rows of a task through a model and judges the answers.</summary>
/// <param name="model">The model.</param>
/// <param name="rules">The task.</param>
/// <param name="options">Mode, history, turns and limits; the length is what the model's context gives.</param>
/// <param name="isRaw">Whether prompts are raw text where the model has a chat template.</param>
internal sealed class TaskRun(LanguageModel model, TaskRules rules, PromptOptions options, bool isRaw = false)
{
    private readonly ContextRunner _runner = new(model);
    private readonly PromptBuilder _prompts = new(model.Tokenizer, isRaw || model.Template is null ? null : ChatPrompt.Of(model));

    /// <summary>Told of what is read, before it is: may refuse it.</summary>
    public Action<IReadOnlyList<int>>? Asked { get; init; }

    /// <summary>One row: its turns, judged.</summary>
    /// <exception cref="ConfigException">There is no such method, or the context leaves no room.</exception>
    public IEnumerable<Prediction> Run(SharedContext row, KvSetting kv, CancellationToken cancellationToken = default)
    {
        var prompt = Checked(row);
        return Judged(row, prompt, kv, _runner.Run(prompt, options, kv.MethodOf(row.Id), cancellationToken));
    }

    /// <summary>
    /// The same with several settings of one type of storage. Those that leave the reading of the first tokens as it is share one
    /// (<see cref="ContextRunner.RunShared"/>); the others read for themselves, and all give the answers that they give alone.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="kvs">The settings.</param>
    /// <param name="cancellationToken">Looked at between blocks of rows and once per token.</param>
    /// <returns>For each setting, in their order, its turns.</returns>
    public IReadOnlyList<IReadOnlyList<Prediction>> RunAll(SharedContext row, IReadOnlyList<KvSetting> kvs, CancellationToken cancellationToken = default)
    {
        var prompt = Checked(row);
        var found = new IReadOnlyList<Prediction>[kvs.Count];
        var methods = kvs.Select((kv, i) => (Index: i, Method: kv.MethodOf(row.Id) ?? new FullKv())).ToList();
        foreach (var (index, method) in methods.Where(one => one.Method.ReadsPromptItself))
            found[index] = [.. Judged(row, prompt, kvs[index], _runner.Run(prompt, options, method, cancellationToken))];
        // moments of queries are noted from one position on
        foreach (var group in methods.Where(one => !one.Method.ReadsPromptItself).GroupBy(one => one.Method.Needs.MomentsFrom))
        {
            var members = group.ToList();
            var answers = _runner.RunShared(prompt, options, [.. members.Select(one => one.Method)], cancellationToken);
            foreach (var (member, turns) in members.Zip(answers))
                found[member.Index] = [.. Judged(row, prompt, kvs[member.Index], turns)];
        }
        return found;
    }

    private SharedPrompt Checked(SharedContext row)
    {
        var prompt = Build(row);
        foreach (var ids in prompt.Turns.Select(turn => turn.Ids).Prepend(prompt.Context))
            Asked?.Invoke(ids);
        return prompt;
    }

    private IEnumerable<Prediction> Judged(SharedContext row, SharedPrompt prompt, KvSetting kv, IReadOnlyList<TurnAnswer> answers) =>
        answers.Select((answer, turn) => new Prediction(
            row.Id, rules.Name, prompt.Turns[turn].Rules.Name, options.Mode, options.History, kv.Text, row.Turns[turn].Answer, prompt.LeftOut, answer,
            0, 0).Judged());

    /// <summary>A row as tokens: what fits is read whole, whatever the released code keeps free for questions.</summary>
    public SharedPrompt Build(SharedContext row)
    {
        var whole = _prompts.Build(row, rules, options with { MaxLength = int.MaxValue });
        return whole.Length(options.Mode) <= model.ContextLength ? whole : _prompts.Build(row, rules, options with { MaxLength = model.ContextLength });
    }
}
