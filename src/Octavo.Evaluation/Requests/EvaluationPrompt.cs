namespace Octavo.Evaluation.Requests;

/// <summary>What a request is asked on: a conversation, which goes through the model's chat template, or a raw text.</summary>
internal sealed record EvaluationPrompt
{
    private EvaluationPrompt()
    {
    }

    /// <summary>Role and text of each message; null where the prompt is raw.</summary>
    public IReadOnlyList<(string Role, string Text)>? Messages { get; private init; }

    /// <summary>The raw text; null where the prompt is a conversation.</summary>
    public string? Raw { get; private init; }

    /// <summary>What it says, for a log.</summary>
    public string Text => Raw ?? string.Join("\n\n", Messages!.Select(message => message.Text));

    /// <summary>One message of the user's.</summary>
    public static EvaluationPrompt Chat(string question) => new() { Messages = [("user", question)] };

    /// <summary>A text that is continued as it is.</summary>
    public static EvaluationPrompt OfText(string text) => new() { Raw = text };
}
