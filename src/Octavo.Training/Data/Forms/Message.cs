namespace Octavo.Training.Data.Forms;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">What it says.</param>
internal sealed record Message(string Role, string Content)
{
    public const string System = "system";
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    /// <summary>Whether the assistant says it.</summary>
    public bool IsAssistant => Role == Assistant;
}
