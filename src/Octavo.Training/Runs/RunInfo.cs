namespace Octavo.Training.Runs;

/// <summary>What a run is, told once by the recipe that starts it.</summary>
/// <param name="Name">What people call it; the folder's name in most cases.</param>
/// <param name="Recipe">Such as "sft".</param>
/// <param name="Config">The whole configuration as text, as it came out of files and options.</param>
/// <param name="Seed">The seed of everything that is drawn.</param>
/// <param name="Commit">The state of the sources.</param>
/// <param name="Machine">Processor, count, system: one line.</param>
/// <param name="CommandLine">What was typed.</param>
internal sealed record RunInfo(string Name, string Recipe, string Config, ulong Seed, string Commit, string Machine, string CommandLine);

/// <summary>Something that happened during a run: a checkpoint, a warning, a resumption.</summary>
/// <param name="Step">After which step.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">One word: "checkpoint", "resumed", "warning", "note".</param>
/// <param name="Text">What happened.</param>
internal sealed record RunNote(long Step, DateTimeOffset Time, string Kind, string Text)
{
    /// <summary>The kind that a report lists apart, as what the reader must know.</summary>
    public const string Warning = "warning";
}

/// <summary>A prompt and what a model answered before and after training.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Before">The answer of the model that the run began with; null where none was made.</param>
/// <param name="After">The answer of the trained model.</param>
internal sealed record RunSample(string Prompt, string? Before, string After);

/// <summary>What the model under training answered after a step.</summary>
internal sealed record RunAnswer(long Step, string Prompt, string Text);

/// <summary>A name and a value in one of the report's tables, such as rows that were dropped.</summary>
/// <param name="Section">The table: "data", "environment", "result".</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">As it is shown.</param>
internal sealed record RunFact(string Section, string Name, string Value);

/// <summary>A metric after a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Value">May be no number or infinite.</param>
internal readonly record struct RunPoint(long Step, double Value);

/// <summary>When a step was logged.</summary>
/// <param name="Step">The step.</param>
/// <param name="Tokens">Trained on since the run began.</param>
/// <param name="Time">When.</param>
internal readonly record struct RunStep(long Step, long Tokens, DateTimeOffset Time);
