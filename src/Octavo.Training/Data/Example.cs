namespace Octavo.Training.Data;

/// <summary>One tokenized text.</summary>
/// <param name="Ids">Token ids, at least one.</param>
/// <param name="IsTarget">Whether each token is to be learned, that is: predicted from those before it. As long as the ids.</param>
/// <param name="Source">The file that it comes from.</param>
/// <param name="Row">Its line or row there, from 1.</param>
internal sealed record Example(int[] Ids, bool[] IsTarget, string Source, long Row)
{
    /// <summary>Tokens that a loss is taken at: the first token has nothing before it and is none.</summary>
    public int Targets => IsTarget.AsSpan(1).Count(true);
}
