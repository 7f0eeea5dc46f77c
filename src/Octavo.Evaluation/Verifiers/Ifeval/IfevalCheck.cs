namespace Octavo.Evaluation.Verifiers.Ifeval;

/// <summary>One of the 25 kinds of instruction.</summary>
/// <param name="Id">Its identifier, such as <c>keywords:existence</c>.</param>
/// <param name="Follows">Whether an answer follows it.</param>
internal sealed record IfevalCheck(string Id, Func<IfevalArguments, string, bool> Follows)
{
    /// <summary>Why verdicts may differ from the paper's, or null where they are the same.</summary>
    public string? Approximation { get; init; }
}
