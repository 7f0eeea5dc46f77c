using Octavo.Core;
using Octavo.Engine;
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
        var prompt = Build(row);
        foreach (var ids in prompt.Turns.Select(turn => turn.Ids).Prepend(prompt.Context))
            Asked?.Invoke(ids);
        var answers = _runner.Run(prompt, options, kv.MethodOf(row.Id), cancellationToken);
        return answers.Select((answer, turn) => new Prediction(
            row.Id, rules.Name, prompt.Turns[turn].Rules.Name, options.Mode, options.History, kv.Text, row.Turns[turn].Answer, prompt.LeftOut, answer,
            0, 0).Judged());
    }

    // what fits is read whole, whatever the released code keeps free for questions
    private SharedPrompt Build(SharedContext row)
    {
        var whole = _prompts.Build(row, rules, options with { MaxLength = int.MaxValue });
        return whole.Length(options.Mode) <= model.ContextLength ? whole : _prompts.Build(row, rules, options with { MaxLength = model.ContextLength });
    }
}
