using Octavo.Core;
using static TorchSharp.torch;

namespace Octavo.Nn;

/// <summary>
/// Operations that modules share. Matrix products go through here: with wrong shapes the native one ends the process, this one throws.
/// </summary>
internal static class Ops
{
    /// <summary>a · b of matrices, or of batches of matrices.</summary>
    /// <param name="a">[M, K] or [B, M, K]</param>
    /// <param name="b">[K, N] or [B, K, N]</param>
    /// <returns>[M, N] or [B, M, N]</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        if (a.dim() == 2 && b.dim() == 2 && a.shape[1] == b.shape[0])
            return a.mm(b);
        if (a.dim() == 3 && b.dim() == 3 && a.shape[0] == b.shape[0] && a.shape[2] == b.shape[1])
            return a.bmm(b);
        throw new ShapeException($"matrix product: [{string.Join(", ", a.shape)}] and [{string.Join(", ", b.shape)}]; [M, K] and [K, N] are expected, or batches of them.");
    }

    /// <summary>The sizes of a matrix.</summary>
    /// <exception cref="ShapeException">It has another rank.</exception>
    public static (long Rows, long Columns) Dims2(this Tensor x, string name) => x.dim() == 2
        ? (x.shape[0], x.shape[1])
        : throw new ShapeException($"{name} has the shape [{string.Join(", ", x.shape)}]; a matrix is expected.");

    /// <summary>Turns the pairs 2i, 2i + 1 of the first Dims numbers of each head.</summary>
    /// <param name="x">[N, H, Dh]</param>
    /// <param name="cos">[N, 1, Dims/2]</param>
    /// <param name="sin">[N, 1, Dims/2]</param>
    public static Tensor RotateNeighbours(Tensor x, Tensor cos, Tensor sin)
    {
        using var scope = NewDisposeScope();
        var (dims, width) = (2 * cos.shape[2], x.shape[2]);
        var pairs = (dims == width ? x : x.narrow(2, 0, dims)).unflatten(2, dims / 2, 2);
        var (a, b) = (pairs.select(3, 0), pairs.select(3, 1));
        var rotated = stack([(a * cos) - (b * sin), (b * cos) + (a * sin)], 3).flatten(2);
        return (dims == width ? rotated : cat([rotated, x.narrow(2, dims, width - dims)], 2)).MoveToOuterDisposeScope();
    }
}
