namespace Octavo.Engine.Kernels;

/// <summary>
/// The inner loops of <see cref="VectorAttention"/> for one width of vectors. Every query has accumulators of its own that are fed in one
/// order, so widths and numbers of queries differ in speed, not in bits.
/// </summary>
internal unsafe interface IAttentionTile
{
    /// <summary>scores[i][j] = Σ_d q[i][d]·k[d][j] by d, for slots that anyone sees; the others are arbitrary.</summary>
    /// <param name="count">Queries, 1 to 4.</param>
    /// <param name="q">[count, headDim]</param>
    /// <param name="headDim">Dh.</param>
    /// <param name="k">[headDim][64] numbers.</param>
    /// <param name="scales">[headDim/32][64] where the numbers have scales.</param>
    /// <param name="seen">The slots that one of the queries sees.</param>
    /// <param name="scores">[count][64]</param>
    /// <param name="ahead">Keys to be fetched early.</param>
    static abstract void Scores<TNumbers>(
        int count, float* q, int headDim, byte* k, float* scales, Slots seen, float* scores, byte* ahead) where TNumbers : struct, INumbers;

    /// <summary>
    /// Scores become weights exp(s − max) · 2^(bias − 127), 0 where the query does not see; running maximum and sum take the page in.
    /// </summary>
    /// <param name="scores">[64]</param>
    /// <param name="own">What the query sees.</param>
    /// <param name="seen">The slots whose weights are needed.</param>
    /// <param name="bias">127, or more for weights that make up for how values are read.</param>
    /// <param name="m">Running maximum.</param>
    /// <param name="l">Running sum.</param>
    /// <param name="kept">What the running output is to be multiplied with.</param>
    /// <param name="added">What the page's output is to be multiplied with.</param>
    static abstract void Weigh(float* scores, Slots own, Slots seen, int bias, float* m, float* l, float* kept, float* added);

    /// <summary>o[i] = o[i]·kept[i] + added[i]·Σ_j weights[i][j]·v[j] by j.</summary>
    static abstract void Outputs<TNumbers>(
        int count, float* weights, int stride, byte* v, float* scales, Slots seen, float* kept, float* added, float* o, byte* ahead)
        where TNumbers : struct, INumbers;

    /// <summary>Numbers of a page to fp32, as the matching <see cref="INumbers"/> reads them.</summary>
    static abstract void Expand(KvType type, byte* numbers, int count, float* y);
}
