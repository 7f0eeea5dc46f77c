using System.Globalization;
using Octavo.Core;
using Octavo.Engine;
using Octavo.Engine.Kv;
using Octavo.Systems.ScBench.Prompts;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Toy;
using Octavo.Training.Configuration;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>What <c>octavo scbench matrix</c> measures: every method on every task, length, mode and seed.</summary>
internal sealed record MatrixConfig : INamedConfig, IHasProblems
{
    public const string MultiTurn = "multi-turn";
    public const string MultiRequest = "multi-request";
    public const string Full = "full";

    private const string Budget = "{budget}";
    private const string Random = "random";

    private static readonly string[] _modes = [MultiTurn, MultiRequest];

    public static string Recipe => "scbench-matrix";

    [Setting("The folder of rows and report; the same command goes on there.", Sources.Octavo, IsRequired = true, Text = TextKind.Path)]
    public string OutputDir { get; init; } = "";

    [Setting("Models: folders, .gguf files or ids.", Sources.Octavo, Text = TextKind.PathOrId)]
    public IReadOnlyList<string> Models { get; init; } = [ToyModel.Id];

    [Setting("Tasks that can be made from a seed.", Sources.Octavo)]
    public IReadOnlyList<string> Tasks { get; init; } = [ToyTask.Name];

    [Setting("Methods, as --kv takes them; {budget} stands for each of budgets, {row} for a context's number. The full cache and a random control are added where they are missing.", Sources.Octavo, IsRequired = true)]
    public IReadOnlyList<string> Methods { get; init; } = [];

    [Setting("What {budget} stands for.", Sources.Octavo, AtLeast = 1)]
    public IReadOnlyList<long> Budgets { get; init; } = [];

    [Setting("How questions share a context: multi-turn, multi-request.", Sources.Octavo)]
    public IReadOnlyList<string> Modes { get; init; } = [MultiTurn];

    [Setting("Which answers turns stand behind.", Sources.Octavo)]
    public AnswerHistory History { get; init; }

    [Setting("Lengths that contexts fill, with all turns and answers; of tasks of one size it is not asked.", Sources.Octavo, AtLeast = 1)]
    public IReadOnlyList<long> Tokens { get; init; } = [2000];

    [Setting("Contexts of each cell (n).", Sources.Octavo, AtLeast = 1)]
    public int Contexts { get; init; } = 20;

    [Setting("Questions on each context; null: as the task says.", Sources.Octavo, AtLeast = 1)]
    public int? Turns { get; init; }

    [Setting("Where answers are cut; null: as the task says.", Sources.Octavo, AtLeast = 1)]
    public int? MaxTokens { get; init; }

    [Setting("Seeds of contexts; every cell is run with each.", Sources.Octavo, AtLeast = 0)]
    public IReadOnlyList<long> Seeds { get; init; } = [0, 1, 2];

    [Setting("Whether prompts are raw text where a model has a chat template.", Sources.Octavo)]
    public bool Raw { get; init; }

    [Setting("Tokens of each head that are compared between turns: the overlap of those with most attention.", Sources.Octavo, AtLeast = 1)]
    public int TopK { get; init; } = 16;

    [Setting("Threads that compute; null: all processors.", Sources.Octavo, AtLeast = 1)]
    public int? Threads { get; init; }

    /// <summary>Questions on each context of a task.</summary>
    public int TurnsOf(string task) => Turns ?? TaskRules.Of(task).MaxTurns;

    /// <summary>How prompts are made in a mode.</summary>
    public PromptOptions Prompts(string mode) => new()
    {
        Mode = mode == MultiTurn ? ContextMode.MultiTurn : ContextMode.MultiRequest, History = History, MaxTurns = Turns, MaxNewTokens = MaxTokens,
    };

    /// <summary>Every method: budgets put in, the full cache first where none keeps all, controls at the end where none is random.</summary>
    /// <param name="read">Reads a type of storage and a method, as <c>--kv</c> takes them.</param>
    /// <exception cref="ConfigException">A method cannot be read.</exception>
    public IReadOnlyList<KvSetting> Settings(Func<string, (KvType? Type, string? Method)> read)
    {
        var settings = Methods.SelectMany(text => text.Contains(Budget, StringComparison.Ordinal)
                ? Budgets.Select(budget => text.Replace(Budget, budget.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                : [text])
            .Select(Setting).ToList();
        if (!settings.Any(IsFull))
            settings.Insert(0, Setting(Full));
        if (!settings.Any(setting => setting.Method?.Contains(Random, StringComparison.Ordinal) == true))
            settings.AddRange(Controls(settings).Distinct().Select(Setting).ToList());
        return settings;

        KvSetting Setting(string text)
        {
            var (type, method) = read(text);
            var setting = new KvSetting(text, type, method);
            setting.MethodOf(0)?.Validate();
            return setting;
        }
    }

    /// <summary>Whether a setting keeps everything.</summary>
    public static bool IsFull(KvSetting setting) => setting.MethodOf(0) is null or FullKv;

    public IEnumerable<ConfigProblem> Problems()
    {
        foreach (var (key, texts) in ((string, IReadOnlyList<string>)[])[("models", Models), ("tasks", Tasks), ("methods", Methods), ("modes", Modes)])
        {
            if (texts.Count == 0)
                yield return new(key, "is empty; give at least one.");
            else if (texts.GroupBy(text => text).FirstOrDefault(group => group.Count() > 1) is { } twice)
                yield return new(key, $"has '{twice.Key}' twice; give it once.");
        }
        foreach (var (key, numbers) in ((string, IReadOnlyList<long>)[])[("tokens", Tokens), ("seeds", Seeds)])
        {
            if (numbers.Count == 0 || numbers.Distinct().Count() < numbers.Count)
                yield return new(key, "is empty or has a number twice; give each once.");
        }
        foreach (var task in Tasks.Where(task => !TaskRows.Names.Contains(task)))
            yield return new("tasks", $"has '{task}', which cannot be made.{Nearest.Hint(task, TaskRows.Names)} Give {string.Join(", ", TaskRows.Names)}.");
        foreach (var mode in Modes.Where(mode => !_modes.Contains(mode)))
            yield return new("modes", $"has '{mode}'.{Nearest.Hint(mode, _modes)} Give {string.Join(", ", _modes)}.");
        if (History == AnswerHistory.Self && Modes.Contains(MultiRequest))
            yield return new("history", "is self, but requests have no history; leave multi-request out of modes.");
        if (Methods.Any(text => text.Contains(Budget, StringComparison.Ordinal)) != Budgets.Count > 0)
            yield return new("budgets", $"and {Budget} in methods go together; give both or neither.");
    }

    // the same number of tokens at random, stored in the same way
    private static List<string> Controls(IReadOnlyList<KvSetting> settings)
    {
        List<string> controls = [];
        foreach (var setting in settings)
        {
            var method = setting.MethodOf(0);
            IEnumerable<KvMethod> parts = method switch { null => [], ComposedKv composed => composed.Parts, _ => [method] };
            foreach (var option in parts.Select(Kept).OfType<string>())
                controls.Add($"{(setting.Type is { } type ? $"{type.ToString().ToLowerInvariant()}+" : "")}{Random}:{option},seed={{row}}");
        }
        return controls.Count > 0 ? controls : [$"{Random}:compression_ratio=0.75,seed={{row}}"];
    }

    private static string? Kept(KvMethod method) => method switch
    {
        StreamingLlm { Local: { } local } streaming => BudgetOf(streaming.Init + local),
        ScoredMethod { Budget: { } budget } => BudgetOf(budget),
        ScoredMethod { CompressionRatio: { } ratio } => string.Create(CultureInfo.InvariantCulture, $"compression_ratio={ratio}"),
        WrapperMethod wrapper => Kept(wrapper.Inner),
        Quest quest => BudgetOf(quest.Budget),
        RetrievalAttention retrieval => BudgetOf(retrieval.Sinks + retrieval.Recent + retrieval.TopK),
        _ => null,
    };

    private static string BudgetOf(int budget) => string.Create(CultureInfo.InvariantCulture, $"budget={budget}");
}
