using System.Text.Json.Nodes;

namespace Octavo.Evaluation.Procedural;

/// <summary>A generated example: a conversation whose last message is the wanted answer, and what it takes to judge another answer.</summary>
/// <param name="Id">Names the row among all of its task, seed and split.</param>
/// <param name="Task">The task's name.</param>
/// <param name="Split">The split that it was made for.</param>
/// <param name="Template">What it was made from; rows of different splits share none, but for "test-range".</param>
/// <param name="Question">The user's message.</param>
/// <param name="Target">The assistant's message.</param>
/// <param name="Answer">What is judged: the number, the choice's text, or the target where instructions judge it.</param>
internal sealed record ProceduralRow(string Id, string Task, string Split, string Template, string Question, string Target, string Answer)
{
    /// <summary>The answers to choose from; null where the answer is written freely.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Which of the choices is right.</summary>
    public int? Gold { get; init; }

    /// <summary>Identifiers of the instructions that the answer has to follow; null where it is judged otherwise.</summary>
    public IReadOnlyList<string>? Instructions { get; init; }

    /// <summary>What each of them says, in the same order.</summary>
    public IReadOnlyList<JsonObject>? Arguments { get; init; }
}
