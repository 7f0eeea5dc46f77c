using System.CommandLine;
using Octavo.Cli.CommandLine;
using Octavo.Core;
using Octavo.Core.Templates;
using Octavo.Engine;
using Octavo.Systems.ScBench;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;

namespace Octavo.Cli.ScBench;

/// <summary>The options that say which rows: shared by <c>scbench gen</c> and <c>scbench run</c>.</summary>
internal sealed class ScBenchTask
{
    private const int DefaultCount = 10;

    private readonly Option<string?> _task = Options.Text("--task", "NAME", $"The task: {string.Join(", ", TaskRows.Names)}. With --data, whose rules hold; the file's name by default.");
    private readonly Option<string?> _tokens = Options.Whole("--tokens", "Length that each context fills, with all turns and answers, in the model's tokens (2000).");
    private readonly Option<string?> _turns = Options.Whole("--turns", "Questions on each context; as the task says by default, 5 or 8.");
    private readonly Option<string?> _count = Options.Whole("--count", "How many contexts (10); with --data the first so many, all by default.");
    private readonly Option<string?> _seed = Options.Whole("--seed", "Seeds the contexts: equal seeds give equal rows; 0 by default.");
    private readonly Option<string?> _maxTokens = Options.Whole("--max-tokens", "Where each answer is cut; as the task says by default. Counts in the length of contexts that are made.");
    private readonly Option<string?> _raw = Options.Flag("--raw", "Asks with plain text where the model has a chat template.");

    public IEnumerable<Symbol> Symbols => [_task, _tokens, _turns, _count, _seed, _maxTokens, _raw];

    public bool IsRaw(ParseResult parsed) => parsed.Has(_raw);

    public int? Turns(ParseResult parsed) => parsed.Whole(_turns);

    public int? MaxTokens(ParseResult parsed) => parsed.Whole(_maxTokens);

    public int? Count(ParseResult parsed) => parsed.Whole(_count);

    /// <summary>The task by its option.</summary>
    public string Name(ParseResult parsed)
    {
        var name = parsed.GetValue(_task) ?? throw new ConfigException($"there is no task; give --task with one of {string.Join(", ", TaskRows.Names)}.");
        return TaskRows.Names.Contains(name)
            ? name
            : throw new ConfigException($"there is no task '{name}' that can be made.{Nearest.Hint(name, TaskRows.Names)} Give one of {string.Join(", ", TaskRows.Names)}.");
    }

    /// <summary>Rows that are made.</summary>
    public (TaskRules Rules, IEnumerable<SharedContext> Rows, int Count) Make(ParseResult parsed, PromptBuilder prompts, CancellationToken cancellationToken)
    {
        var (name, count) = (Name(parsed), Count(parsed) ?? DefaultCount);
        return (TaskRules.Of(name), TaskRows.Make(name, prompts, parsed.Unsigned(_seed) ?? 0, count, parsed.Whole(_tokens), Turns(parsed), MaxTokens(parsed), cancellationToken), count);
    }

    /// <summary>Rows of a file; <c>--task</c> or the file's name says which rules hold.</summary>
    public (TaskRules Rules, IReadOnlyList<SharedContext> Rows) Read(ParseResult parsed, string file)
    {
        foreach (var option in (Option[])[_tokens, _seed])
        {
            if (parsed.Has(option))
                throw new ConfigException($"{option.Name} has no effect on rows of a file; leave it out.");
        }
        if (Count(parsed) is < 1)
            throw new ConfigException($"--count is {Count(parsed)}; give at least 1.");
        var rules = TaskRules.Of(parsed.GetValue(_task) ?? Path.GetFileNameWithoutExtension(file));
        List<SharedContext> rows = [.. SharedContextJson.ReadFile(file).Take(Count(parsed) ?? int.MaxValue)];
        return rows.Count > 0 ? (rules, rows) : throw new InputFileException($"{file} has no rows; give a file that 'scbench gen' wrote, or one of the released data.");
    }

    /// <summary>Prompts of a model of which only texts are read.</summary>
    public PromptBuilder Prompts(ParseResult parsed, string path)
    {
        var tokenizer = ModelText.LoadTokenizer(path);
        var template = IsRaw(parsed) ? null : ModelText.ReadTemplate(path);
        return new PromptBuilder(tokenizer, template is null ? null : new ChatPrompt(ChatTemplate.Parse(template), tokenizer));
    }
}
