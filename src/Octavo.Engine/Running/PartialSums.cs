using System.Runtime.Intrinsics;
using Octavo.Engine.Kernels;

namespace Octavo.Engine.Running;

/// <summary>
/// Running sums of a softmax over keys, for some queries of one key-value head: outputs o [queries][stride], maxima m, sums l. Keys are
/// summed page by page within units of eight pages, and units are merged in order, whichever thread did which: so threads and chunks
/// change no bit.
/// </summary>
internal static unsafe class PartialSums
{
    /// <summary>Pages of a unit.</summary>
    public const int PagesPerUnit = 8;

    /// <summary>Floats that the sums of some queries take: whole cache lines.</summary>
    public static int Floats(int queries, int headDim) => ((queries * (PageLayout.Stride(headDim) + 2)) + 15) & ~15;

    /// <summary>Begins: no key seen.</summary>
    public static void Clear(float* sums, int queries, int headDim)
    {
        new Span<float>(sums, Floats(queries, headDim)).Clear();
        new Span<float>(Maxima(sums, queries, headDim), queries).Fill(float.NegativeInfinity);
    }

    /// <summary>total ← total and part together.</summary>
    public static void Merge(float* total, float* part, int queries, int headDim)
    {
        var stride = PageLayout.Stride(headDim);
        var m = Maxima(total, queries, headDim);
        var l = Sums(total, queries, headDim);
        var partM = Maxima(part, queries, headDim);
        var partL = Sums(part, queries, headDim);
        for (var query = 0; query < queries; query++, total += stride, part += stride)
        {
            if (float.IsNegativeInfinity(partM[query]))
                continue;
            var higher = MathF.Max(m[query], partM[query]);
            var a = MathF.Exp(m[query] - higher);
            var b = MathF.Exp(partM[query] - higher);
            m[query] = higher;
            l[query] = (l[query] * a) + (partL[query] * b);
            for (var i = 0; i < stride; i += 8)
                ((Vector256.Load(total + i) * a) + (Vector256.Load(part + i) * b)).Store(total + i);
        }
    }

    /// <summary>y = o / l of one query.</summary>
    public static void Finish(KernelSet kernels, float* sums, int query, int queries, int headDim, float* y)
    {
        new ReadOnlySpan<float>(sums + ((long)query * PageLayout.Stride(headDim)), headDim).CopyTo(new Span<float>(y, headDim));
        kernels.Scale(y, 1 / Sums(sums, queries, headDim)[query], headDim);
    }

    /// <summary>log Σ exp(s) over what one query saw.</summary>
    public static float LogSum(float* sums, int query, int queries, int headDim) =>
        Maxima(sums, queries, headDim)[query] + MathF.Log(Sums(sums, queries, headDim)[query]);

    /// <summary>The maxima [queries].</summary>
    public static float* Maxima(float* sums, int queries, int headDim) => sums + ((long)queries * PageLayout.Stride(headDim));

    /// <summary>The sums [queries].</summary>
    public static float* Sums(float* sums, int queries, int headDim) => Maxima(sums, queries, headDim) + queries;
}
