namespace Octavo.Engine;

/// <summary>What a step brought to one sequence: a token, or the reason why it ended without one.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="Token">The token with its text; its finish is set on the last one. Default where there is an error.</param>
/// <param name="Error">
/// Why the sequence had to end: <see cref="OperationCanceledException"/>, <see cref="Octavo.Core.EvaluationException"/> where its logits
/// are no numbers, <see cref="Octavo.Core.ResourceException"/> where no memory is left for its pages. Others go on.
/// </param>
public readonly record struct BatchToken(BatchSequence Sequence, GeneratedToken Token, Exception? Error)
{
    /// <summary>Whether the sequence has left the batch with this record.</summary>
    public bool IsLast => Error is not null || Token.Finish is not null;
}
