using Octavo.Core;

namespace Octavo.Cli.Parity;

/// <summary>The sequences of a golden's <c>input_ids</c>, without the padding that its mask names.</summary>
internal sealed class TokenBatch
{
    private TokenBatch(int length, IReadOnlyList<int[]> rows, IReadOnlyList<int[]> places, bool[]? valid)
    {
        (Length, Rows, Places, Valid) = (length, rows, places, valid);
    }

    /// <summary>Columns of input_ids, padding included.</summary>
    public int Length { get; }

    /// <summary>Token ids of each sequence.</summary>
    public IReadOnlyList<int[]> Rows { get; }

    /// <summary>The column of each of them.</summary>
    public IReadOnlyList<int[]> Places { get; }

    /// <summary>For each row and column whether it is compared; null where all are.</summary>
    public bool[]? Valid { get; }

    /// <exception cref="UnsupportedException">Positions that a sequence run alone would not have.</exception>
    public static TokenBatch Read(Golden golden, GoldenTensors tensors)
    {
        var ids = tensors.Wholes("in.input_ids");
        var shape = tensors.Shape("in.input_ids");
        var mask = golden.OptionOrNull("valid") is { } name ? tensors.Wholes($"in.{name.GetString()}") : null;
        List<int[]> rows = [], places = [];
        for (var row = 0; row < shape[0]; row++)
        {
            var columns = Enumerable.Range(0, shape[1]).Where(column => mask is null || mask[(row * shape[1]) + column] != 0).ToArray();
            places.Add(columns);
            rows.Add([.. columns.Select(column => ids[(row * shape[1]) + column])]);
        }
        var batch = new TokenBatch(shape[1], rows, places, mask is null ? null : [.. mask.Select(value => value != 0)]);
        if (tensors.Has("in.position_ids"))
            batch.CheckPositions(golden, tensors.Wholes("in.position_ids"));
        return batch;
    }

    /// <summary>Puts rows of numbers of each sequence where its tokens are; padding stays 0.</summary>
    /// <param name="perRow">[tokens, width] of each sequence.</param>
    /// <param name="width">Numbers per token.</param>
    public float[] Scatter(IReadOnlyList<float[]> perRow, int width)
    {
        var all = new float[Rows.Count * Length * width];
        for (var row = 0; row < Rows.Count; row++)
        {
            for (var token = 0; token < Places[row].Length; token++)
                perRow[row].AsSpan(token * width, width).CopyTo(all.AsSpan(((row * Length) + Places[row][token]) * width));
        }
        return all;
    }

    private void CheckPositions(Golden golden, int[] positions)
    {
        for (var row = 0; row < Rows.Count; row++)
        {
            for (var token = 0; token < Places[row].Length; token++)
            {
                var position = positions[(row * Length) + Places[row][token]];
                if (position != token)
                    throw new UnsupportedException($"{golden.Folder}: sequence {row} has position {position} at its token {token}; positions that count from 0 are supported.");
            }
        }
    }
}
