namespace Octavo.Engine.Kernels;

/// <summary>
/// Activations quantized per block of 32 columns: x ≈ d·q. One plane of bytes holds q of 8 bits; two planes hold q = 256·high + low
/// of 16 bits, so that both widths run through the same 8-bit products. Four tokens lie side by side, so that a kernel walks through
/// a tile of them with one pointer.
/// </summary>
/// <param name="q">[tile of 4 tokens][block][plane, the high one first][4][32] bytes within ±127.</param>
/// <param name="d">[tile][block][4] scales.</param>
/// <param name="s">[tile][block][4] sums d·Σq, for minima.</param>
/// <param name="n">[tile][block][3][4]: −Σq over columns 0…15, over columns 16…31, and over both: for zero points.</param>
/// <param name="columns">Numbers per row.</param>
/// <param name="planes">1 or 2.</param>
internal readonly unsafe struct QuantizedRows(sbyte* q, float* d, float* s, int* n, int columns, int planes)
{
    /// <summary>Tokens of a tile.</summary>
    public const int Tile = 4;

    /// <summary>Bytes of a plane of a block.</summary>
    public const int PlaneBytes = Tile * 32;

    /// <summary>Whole numbers per block in N.</summary>
    public const int Zeros = 3 * Tile;

    public readonly sbyte* Q = q;
    public readonly float* D = d;
    public readonly float* S = s;
    public readonly int* N = n;
    public readonly int Columns = columns;
    public readonly int Planes = planes;

    /// <summary>Blocks per row.</summary>
    public int Blocks => Columns / 32;

    /// <summary>Pointers to a row's place in its tile; the steps from block to block stay those of the tile.</summary>
    public QuantizedRows Row(int row)
    {
        var blocks = (long)(row / Tile) * Blocks;
        var place = row % Tile;
        return new QuantizedRows(
            Q + (blocks * PlaneBytes * Planes) + (place * 32), D + (blocks * Tile) + place, S + (blocks * Tile) + place,
            N + (blocks * Zeros) + place, Columns, Planes);
    }

    /// <summary>The same from a block on.</summary>
    public QuantizedRows Block(int block) => new(
        Q + ((long)block * PlaneBytes * Planes), D + (block * Tile), S + (block * Tile), N + (block * Zeros), Columns, Planes);

    /// <summary>Tokens rounded up to whole tiles.</summary>
    public static long Whole(long tokens) => (tokens + Tile - 1) / Tile * Tile;
}
