using System.Globalization;
using Octavo.Evaluation.Studies;
using Octavo.Systems.ScBench.Running;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench.Matrix;

/// <summary>A configuration as a plan of the study engine: its cells, metrics and page.</summary>
internal static class MatrixPlan
{
    public const string Model = "model";
    public const string Task = "task";
    public const string Tokens = "tokens";
    public const string Mode = "mode";
    public const string Method = "method";
    public const string Turn = "turn";

    /// <summary>The length of tasks that have one size.</summary>
    private const string Fixed = "fixed";

    /// <summary>The plan.</summary>
    /// <param name="config">What is measured.</param>
    /// <param name="methods">Its settings for keys and values, one that keeps all among them.</param>
    /// <param name="weights">A fingerprint of each of its models.</param>
    public static StudyPlan Of(MatrixConfig config, IReadOnlyList<KvSetting> methods, IReadOnlyList<string> weights)
    {
        var full = methods.First(MatrixConfig.IsFull).Text;
        var turns = config.Tasks.Max(config.TurnsOf);
        List<string> lengths = [.. config.Tasks.Any(task => !HasOneSize(task)) ? config.Tokens.Select(Text) : [], .. config.Tasks.Any(HasOneSize) ? [Fixed] : (string[])[]];
        StudyFactor[] factors =
        [
            new(Model, [.. config.Models.Select(NameOf)]), new(Task, config.Tasks, SharesSamples: false), new(Tokens, lengths, SharesSamples: false),
            new(Mode, config.Modes), new(Method, [.. methods.Select(method => method.Text)]), new(Turn, [.. Enumerable.Range(1, turns).Select(turn => Text(turn))]),
        ];
        return new StudyPlan
        {
            Name = "scbench-matrix",
            Title = "What methods for keys and values cost and break",
            About = About(config),
            Factors = factors,
            Seeds = [.. config.Seeds.Select(seed => (ulong)seed)],
            Metrics = TurnFigures.Metrics,
            Settings =
            [
                ("contexts", Text(config.Contexts)), ("turns", config.Turns is { } asked ? Text(asked) : "as the task says"), ("history", config.History.ToString()),
                ("answers", config.MaxTokens is { } most ? $"cut at {Text(most)}" : "cut as the task says"), ("raw", config.Raw ? "yes" : "no"), ("compared tokens", Text(config.TopK)),
                .. config.Models.Zip(weights, (model, mark) => ($"weights of {NameOf(model)}", mark)),
            ],
            Includes = cell => HasOneSize(cell[Task]) == (cell[Tokens] == Fixed) && TurnOf(cell) <= config.TurnsOf(cell[Task]),
            SharedWork = [Model, Task, Tokens, Mode],
            Qualification = new StudyQualification(TurnFigures.Accuracy, [(Method, full)]) { Apart = [Model, Task, Tokens] },
            Views = Views(factors, full),
        };
    }

    /// <summary>What a model is called on the page.</summary>
    public static string NameOf(string model) => Path.IsPathRooted(model) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(model)) : model;

    /// <summary>The length that a cell's contexts fill; null of tasks of one size.</summary>
    public static int? TokensOf(StudyCell cell) => cell[Tokens] == Fixed ? null : int.Parse(cell[Tokens], CultureInfo.InvariantCulture);

    public static int TurnOf(StudyCell cell) => int.Parse(cell[Turn], CultureInfo.InvariantCulture);

    private static bool HasOneSize(string task) => task == ToyTask.Name;

    private static IReadOnlyList<string> About(MatrixConfig config) =>
    [
        $"{config.Contexts} contexts for each seed, the same ones for every method; accuracy is strict, the released score is that of SCBench's code. Bytes are those of whole pages of "
        + "64 tokens: stored is what the next turn finds, peak is the most of any context.",
        "Methods that leave the reading of the prompt as it is share one reading of each context, which notes what any of them asks for: at turn 1 the time to the first token is that of "
        + "this reading and of the method's choice, so methods differ there by the choice alone. Of requests no time has the reading of the context.",
        "Attention is what its scores and sums of values take, 4 operations for each score and number of a head; the share of scores computed is of those that full attention would compute. What a method "
        + "computes to choose is in neither. The first turn or request has the reading of the context.",
        $"Overlap and cosine compare, with everything kept, what the last token of a question looks at in the context with the question before: the {config.TopK} tokens with most attention (Jaccard), and all of them.",
    ];

    private static IReadOnlyList<StudyView> Views(IReadOnlyList<StudyFactor> factors, string full)
    {
        // a column that says the same in every row is none
        List<string> varied = [.. factors.Where(factor => factor.Name is not (Method or Turn) && factor.Values.Count > 1).Select(factor => factor.Name)];
        List<string> rows = [.. varied, Method];
        List<string> lines = [.. varied.Where(name => name != Task), Method];
        return
        [
            new StudySummary("Methods", TurnFigures.Metrics.Where(metric => metric.Name is not (TurnFigures.Overlap or TurnFigures.Cosine)).Select(metric => metric.Name).ToList(), rows),
            new StudyTable("Accuracy by turn", TurnFigures.Accuracy, rows, Turn),
            new StudyCurves("Accuracy over turns", TurnFigures.Accuracy, Turn, lines) { Each = Task },
            new StudyPareto("Accuracy and bytes that stay stored", TurnFigures.Stored, TurnFigures.Accuracy, lines) { Each = Task },
            new StudyPareto("Accuracy and time to the first token", TurnFigures.FirstToken, TurnFigures.Accuracy, lines) { Each = Task },
            new StudyPareto("Accuracy and time for each further token", TurnFigures.PerToken, TurnFigures.Accuracy, lines) { Each = Task },
            new StudyTable("Time to the first token by turn", TurnFigures.FirstToken, rows, Turn),
            new StudyTable("Scores of attention that are computed", TurnFigures.Computed, rows, Turn),
            Shift("Overlap of attention with the turn before", TurnFigures.Overlap), Shift("Cosine of attention with the turn before", TurnFigures.Cosine),
        ];

        StudyTable Shift(string title, string metric) => new(title, metric, varied.Count > 0 ? varied : [Task], Turn)
        {
            Cells = CellSelection.Of((Method, [full]), (Turn, [.. factors[^1].Values.Skip(1)])),
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
