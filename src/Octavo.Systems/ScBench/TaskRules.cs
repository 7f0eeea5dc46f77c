using Octavo.Core;
using Octavo.Systems.ScBench.Data;
using Octavo.Systems.ScBench.Scoring;
using Octavo.Systems.ScBench.Toy;

namespace Octavo.Systems.ScBench;

/// <summary>
/// How a task is asked and scored. Numbers are those of the released code; instructions say in our own words what its instructions
/// say. What is here can be made from a seed; the tasks that need real text come with their own rows.
/// </summary>
/// <param name="Name">The task's name; the released data call it <c>scbench_NAME</c>.</param>
/// <param name="Category">The paper's column: what the task needs of the cache.</param>
/// <param name="MaxNewTokens">Where an answer is cut.</param>
/// <param name="Scorer">What judges an answer.</param>
internal sealed record TaskRules(string Name, string Category, int MaxNewTokens, Scorer Scorer)
{
    private const string Released = "scbench_";
    private const string Strings = "string retrieval";

    /// <summary>What stands before the context; empty where the context begins.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>How many turns are asked unless it is said otherwise; further ones of a row are left out.</summary>
    public int MaxTurns { get; init; } = 5;

    /// <summary>Of a mixture, the tasks whose turns alternate; a turn names its own.</summary>
    public IReadOnlyList<TaskRules> Parts { get; init; } = [];

    /// <summary>Every task that is known.</summary>
    public static IReadOnlyList<TaskRules> All { get; } =
    [
        KeyValue("kv"),
        KeyValue("kv_words"),
        KeyValue("kv_hard"),
        KeyValue("kv_compressible") with
        {
            Instruction = "Give the value of each key that you are asked for. The keys and their values are in the passage below.",
        },
        new("prefix_suffix", Strings, 150, new RetrievalScorer()),
        new("vt", Strings, 30, new VariablesScorer()),
        // words of the bundled toy: two to an answer
        new(ToyTask.Name, Strings, ToyTask.AnswerWords, new RetrievalScorer()),
        new("many_shot", "global information", 10, new ManyShotScorer()),
        new("needles", "multi-tasking", 80, new RetrievalScorer())
        {
            MaxTurns = 8,
            Parts = [new("passkey", Strings, 15, new PasskeyScorer()), new("kv", Strings, 80, new RetrievalScorer())],
        },
    ];

    /// <summary>The rules of a task.</summary>
    /// <param name="name">Its name, with or without the released data's prefix.</param>
    /// <exception cref="UnsupportedException">There is none of that name; the message lists them.</exception>
    public static TaskRules Of(string name) => All.FirstOrDefault(task => task.Name == Short(name))
        ?? throw new UnsupportedException($"The task '{name}' is not supported; supported are {string.Join(", ", All.Select(task => task.Name))}.");

    /// <summary>The rules of one turn: those of the part that it names, where the task is a mixture.</summary>
    /// <exception cref="InputFileException">The turn of a mixture names none of its parts.</exception>
    public TaskRules Of(ContextTurn turn)
    {
        if (Parts.Count == 0)
            return this;
        return Parts.FirstOrDefault(part => part.Name == Short(turn.Task ?? ""))
            ?? throw new InputFileException(
                $"A turn of the mixture '{Name}' has the task '{turn.Task}' instead of one of "
                + $"{string.Join(", ", Parts.Select(part => part.Name))}; its rows must name it.");
    }

    private static string Short(string name) => name.StartsWith(Released, StringComparison.Ordinal) ? name[Released.Length..] : name;

    private static TaskRules KeyValue(string name) => new(name, Strings, 150, new RetrievalScorer())
    {
        Instruction = "Give the value of each key that you are asked for. The keys and their values are in the JSON object below.",
    };
}
