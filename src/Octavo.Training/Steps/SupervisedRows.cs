using Octavo.Core;
using Octavo.Nn.Decoder;

namespace Octavo.Training.Steps;

/// <summary>
/// A batch as the decoder takes it: its documents one after another without padding, and which of their rows predict which token. The row
/// before a target predicts it; the first token of a document has none before it.
/// </summary>
/// <param name="Tokens">The documents.</param>
/// <param name="Predicting">The rows that predict, M of them.</param>
/// <param name="Targets">The token that each of them should predict.</param>
internal sealed record SupervisedRows(TokenRows Tokens, int[] Predicting, int[] Targets)
{
    /// <summary>The label of a token that is no target.</summary>
    public const int Ignored = -100;

    /// <summary>The decoder gets a multiple of so many tokens.</summary>
    public const int Multiple = 64;

    /// <summary>Reads a batch of rows of one length, all arrays row by row.</summary>
    /// <param name="length">Columns of a row.</param>
    /// <param name="ids">Token ids.</param>
    /// <param name="labels">The token's own id where it is a target, else <see cref="Ignored"/>; not shifted.</param>
    /// <param name="documents">1, 2, … within a row; 0 is padding, which may stand anywhere.</param>
    /// <exception cref="ShapeException">The arrays differ in length, or nothing is a target.</exception>
    public static SupervisedRows Of(int length, ReadOnlySpan<int> ids, ReadOnlySpan<int> labels, ReadOnlySpan<int> documents)
    {
        if (ids.Length != labels.Length || ids.Length != documents.Length || ids.Length % length != 0)
            throw new ShapeException($"a batch of rows of {length} has {ids.Length} ids, {labels.Length} labels and {documents.Length} documents.");
        List<int> tokens = [], lengths = [], predicting = [], targets = [];
        var (last, lastRow) = (0, -1);
        for (var i = 0; i < ids.Length; i++)
        {
            if (documents[i] == 0)
                continue;
            var isFirst = documents[i] != last || i / length != lastRow;
            if (isFirst)
            {
                lengths.Add(0);
                (last, lastRow) = (documents[i], i / length);
            }
            else if (labels[i] != Ignored)
            {
                predicting.Add(tokens.Count - 1);
                targets.Add(labels[i]);
            }
            tokens.Add(ids[i]);
            lengths[^1]++;
        }
        if (targets.Count == 0)
            throw new ShapeException("nothing of the batch is a target, so there is no loss.");
        return new SupervisedRows(new TokenRows([.. tokens], [.. lengths]), [.. predicting], [.. targets]);
    }
}
