namespace Octavo.Engine.Kernels;

/// <summary>The inner product of <see cref="Avx2PackedTile"/>; tiles differ in speed, not in bits.</summary>
internal unsafe interface IAvx2Tile
{
    /// <summary>acc[4 tokens][16 rows] gains the scaled sums of each block in turn.</summary>
    /// <param name="w">The unpacked rows.</param>
    /// <param name="x">A tile of four tokens, from the first block on.</param>
    /// <param name="acc">The accumulators.</param>
    static abstract void Multiply<TFormat>(in PanelPart w, in QuantizedRows x, float* acc)
        where TFormat : struct, IAvx2Packed;
}
