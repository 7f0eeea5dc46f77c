namespace Octavo.Engine.Kernels;

/// <summary>One key-value head in a page.</summary>
internal readonly unsafe struct PageView(byte* data, PageLayout layout)
{
    public readonly PageLayout Layout = layout;

    /// <summary>Keys [Dh][64].</summary>
    public readonly byte* Keys = data;

    /// <summary>Values [64][stride].</summary>
    public byte* Values => Keys + Layout.Values;

    /// <summary>[Dh/32][64]</summary>
    public float* KeyScales => (float*)(Keys + Layout.KeyScales);

    /// <summary>[Dh/32][64]</summary>
    public float* ValueScales => (float*)(Keys + Layout.ValueScales);
}

/// <summary>The slots [From, To) of a page.</summary>
internal readonly record struct Slots(int From, int To)
{
    public bool IsEmpty => From >= To;
}

/// <summary>
/// Queries of one key-value head with their running sums. A query is one query head of one row; how many there are, and which,
/// changes no bit of any of them.
/// </summary>
/// <param name="q">[count, Dh], multiplied with the score's scale and <see cref="KernelSet.QueryScale"/>.</param>
/// <param name="count">How many.</param>
/// <param name="m">Running maxima (−∞ at the start).</param>
/// <param name="l">Running sums (0 at the start).</param>
/// <param name="o">[count, <see cref="PageLayout.ValueStride"/>] running outputs (0 at the start).</param>
/// <param name="bias">[count] each query's numbers that are added to its 64 scores; null for none.</param>
/// <param name="softcap">Scores become cap · tanh(score / cap); 0 leaves them.</param>
internal readonly unsafe struct QueryBlock(float* q, int count, float* m, float* l, float* o, float softcap = 0, float** bias = null)
{
    public readonly float* Q = q;
    public readonly int Count = count;
    public readonly float* M = m;
    public readonly float* L = l;
    public readonly float* O = o;
    public readonly float Softcap = softcap;
    public readonly float** Bias = bias;

    /// <summary>Adds what stands beside the scores of a query.</summary>
    public void AddBias(int query, float* scores, Slots seen)
    {
        for (var j = seen.From; j < seen.To; j++)
            scores[j] += Bias[query][j];
    }
}
