namespace Octavo.Engine.Kernels;

/// <summary>
/// Activations quantized per block of 32 columns: x ≈ d·q. One plane of bytes holds q of 8 bits; two planes hold q = 256·high + low
/// of 16 bits, so that both widths run through the same 8-bit products.
/// </summary>
/// <param name="q">[tokens, columns/32, planes, 32] bytes within ±127; with two planes the high bytes come first.</param>
/// <param name="d">[tokens, columns/32] scales.</param>
/// <param name="s">[tokens, columns/32] sums d·Σq, for minima.</param>
/// <param name="n">[tokens, columns/32, 4]: −Σq over columns 0…15, over columns 16…31, over both, and one unused: for zero points.</param>
/// <param name="columns">Numbers per row.</param>
/// <param name="planes">1 or 2.</param>
internal readonly unsafe struct QuantizedRows(sbyte* q, float* d, float* s, int* n, int columns, int planes)
{
    public readonly sbyte* Q = q;
    public readonly float* D = d;
    public readonly float* S = s;
    public readonly int* N = n;
    public readonly int Columns = columns;
    public readonly int Planes = planes;

    /// <summary>Blocks per row.</summary>
    public int Blocks => Columns / 32;

    /// <summary>The same from a row on.</summary>
    public QuantizedRows Row(long row) => new(
        Q + (row * Columns * Planes), D + (row * Blocks), S + (row * Blocks), N + (row * Blocks * 4), Columns, Planes);
}
