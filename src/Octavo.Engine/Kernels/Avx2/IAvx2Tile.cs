namespace Octavo.Engine.Kernels;

/// <summary>The inner product of <see cref="Avx2PackedTile"/>; tiles differ in speed, not in bits.</summary>
internal unsafe interface IAvx2Tile
{
    /// <summary>Tokens per call.</summary>
    static abstract int Tokens { get; }

    /// <summary>acc[Tokens][16 rows] gains the scaled sums of each block in turn.</summary>
    /// <param name="w">The unpacked rows.</param>
    /// <param name="q">Each token's bytes.</param>
    /// <param name="d">Each token's scales.</param>
    /// <param name="s">Each token's sums.</param>
    /// <param name="n">Each token's sums for zero points.</param>
    /// <param name="acc">The accumulators.</param>
    static abstract void Multiply<TFormat>(in PanelPart w, sbyte** q, float** d, float** s, int** n, float* acc)
        where TFormat : struct, IAvx2Packed;
}
