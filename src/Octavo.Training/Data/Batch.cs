namespace Octavo.Training.Data;

/// <summary>What one pass of the model takes, row by row: element (r, t) is at r * Length + t of each array.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Length">Tokens of each row, padding included.</param>
/// <param name="Ids">Token ids; 0 where there is padding, which only <paramref name="Documents"/> tells from a token.</param>
/// <param name="Labels">The token's own id where it is a target, else -100. Not shifted: the loss does that.</param>
/// <param name="Positions">Places within the document, from 0; 0 where there is padding.</param>
/// <param name="Documents">1, 2, … within each row, 0 where there is padding. A token attends within its document only.</param>
/// <param name="Targets">Labels that are not -100. The first token of a document never is one.</param>
/// <param name="Tokens">Tokens that are not padding.</param>
internal sealed record Batch(
    int Rows, int Length, int[] Ids, int[] Labels, int[] Positions, int[] Documents, int Targets, int Tokens)
{
    /// <summary>The share of padding, from 0 to 1.</summary>
    public double PaddingShare => 1 - ((double)Tokens / (Rows * (double)Length));
}
