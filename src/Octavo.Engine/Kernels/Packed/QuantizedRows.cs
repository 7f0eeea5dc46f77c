namespace Octavo.Engine.Kernels;

/// <summary>
/// Activations quantized per block of 32 columns: x ≈ d·q with q = 256·high + low in two planes of bytes, so that 16 bits run through the
/// same 8-bit products as 8. Where 8 bits are asked for, low is 0 and not looked at but in blocks with outliers (<see cref="Rounding.Outlier"/>).
/// Four tokens lie side by side, so that a kernel walks through a tile of them with one pointer.
/// </summary>
/// <param name="q">[tile of 4 tokens][block][high, low][4][32] bytes within ±127.</param>
/// <param name="d">[tile][block][4] scales.</param>
/// <param name="s">[tile][block][4] sums d·Σq, for minima.</param>
/// <param name="n">[tile][block][4][4]: −Σq over columns 0…15, over columns 16…31 and over both, for zero points; then whether low counts.</param>
/// <param name="columns">Numbers per row.</param>
/// <param name="bits">8 or 16.</param>
internal readonly unsafe struct QuantizedRows(sbyte* q, float* d, float* s, int* n, int columns, int bits)
{
    /// <summary>Tokens of a tile.</summary>
    public const int Tile = 4;

    /// <summary>Bytes of a plane of a block.</summary>
    public const int PlaneBytes = Tile * 32;

    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 2 * PlaneBytes;

    /// <summary>Whole numbers per block in N.</summary>
    public const int Numbers = 4 * Tile;

    /// <summary>Where the sums over both halves are.</summary>
    public const int Both = 2 * Tile;

    /// <summary>Where it says whether low counts: not 0.</summary>
    public const int Wide = 3 * Tile;

    public readonly sbyte* Q = q;
    public readonly float* D = d;
    public readonly float* S = s;
    public readonly int* N = n;
    public readonly int Columns = columns;
    public readonly int Bits = bits;

    /// <summary>Blocks per row.</summary>
    public int Blocks => Columns / 32;

    /// <summary>Pointers to a row's place in its tile; the steps from block to block stay those of the tile.</summary>
    public QuantizedRows Row(int row)
    {
        var blocks = (long)(row / Tile) * Blocks;
        var place = row % Tile;
        return new QuantizedRows(
            Q + (blocks * BlockBytes) + (place * 32), D + (blocks * Tile) + place, S + (blocks * Tile) + place,
            N + (blocks * Numbers) + place, Columns, Bits);
    }

    /// <summary>The same from a block on.</summary>
    public QuantizedRows Block(int block) =>
        new(Q + ((long)block * BlockBytes), D + (block * Tile), S + (block * Tile), N + (block * Numbers), Columns, Bits);

    /// <summary>Tokens rounded up to whole tiles.</summary>
    public static long Whole(long tokens) => (tokens + Tile - 1) / Tile * Tile;
}
