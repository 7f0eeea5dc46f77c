namespace Octavo.Models.Conversion;

/// <summary>Where the rows that a description means lie in the stored tensor.</summary>
internal static class StoredRows
{
    /// <summary>Rows of a matrix and its bias.</summary>
    /// <param name="linear">The matrix.</param>
    /// <param name="headDim">Width of a head, for rows that a GGUF file orders in rotary pairs.</param>
    /// <param name="isGguf">Whether the tensor lies in a GGUF file.</param>
    public static Func<int, int> Of(Linear linear, int headDim, bool isGguf)
    {
        var paired = isGguf && linear.W.GgufRows == RowOrder.RotaryPairs;
        var rows = linear.Rows;
        return row => Of(rows, paired ? Paired(row, headDim) : row);
    }

    /// <summary>The same of one row, where rows lie in the order of the checkpoint's own format.</summary>
    public static int Of(Rows? rows, int row) => rows is null ? row : rows.Start + (row / rows.Count * rows.Stride) + (row % rows.Count);

    /// <summary>The row that is meant by one of a file in rotary pairs.</summary>
    public static int Unpaired(int row, int headDim)
    {
        var (head, i) = Math.DivRem(row, headDim);
        return (head * headDim) + (i / 2) + (i % 2 * (headDim / 2));
    }

    // rows i and i + Dh/2 of a head lie side by side
    private static int Paired(int row, int headDim)
    {
        var (head, i) = Math.DivRem(row, headDim);
        var half = headDim / 2;
        return (head * headDim) + (i < half ? 2 * i : (2 * (i - half)) + 1);
    }
}
