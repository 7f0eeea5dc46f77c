namespace Octavo.Training.Data.Forms;

/// <summary>A way to lay out rows that is known.</summary>
/// <param name="Name">What a configuration calls it.</param>
/// <param name="Required">Columns that a row must have.</param>
/// <param name="Optional">Columns that are read where they are there.</param>
internal sealed record RowForm(string Name, string[] Required, string[] Optional)
{
    public static readonly RowForm Messages = new("messages", ["messages"], []);
    public static readonly RowForm Conversations = new("conversations", ["conversations"], ["system"]);
    public static readonly RowForm PromptCompletion = new("prompt-completion", ["prompt", "completion"], ["system"]);
    public static readonly RowForm Alpaca = new("alpaca", ["instruction", "output"], ["input", "system"]);
    public static readonly RowForm QuestionResponse = new("question-response", ["question", "response"], ["system_prompt"]);
    public static readonly RowForm QueryAnswer = new("query-answer", ["query", "answer"], []);
    public static readonly RowForm QueryResponse = new("query-response", ["query", "response"], []);
    public static readonly RowForm Preference = new("preference", ["chosen", "rejected"], ["prompt"]);
    public static readonly RowForm Text = new("text", ["text"], []);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RowForm> All { get; } =
        [Messages, Conversations, PromptCompletion, Alpaca, QuestionResponse, QueryAnswer, QueryResponse, Preference, Text];

    /// <summary>The form with its columns, such as <c>prompt-completion (prompt, completion)</c>.</summary>
    public override string ToString() =>
        $"{Name} ({string.Join(", ", Required)}{string.Concat(Optional.Select(column => $"[, {column}]"))})";
}
