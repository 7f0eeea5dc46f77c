using Octavo.Engine.Kernels;

namespace Octavo.Engine.Running;

/// <summary>
/// Running sums of a softmax over keys, for the query heads of one group: maxima m, sums l, outputs o. Keys are summed page by page
/// within units of eight pages, and units are merged in order, whichever thread did which: so threads and chunks change no bit.
/// </summary>
internal static unsafe class PartialSums
{
    /// <summary>Pages of a unit.</summary>
    public const int PagesPerUnit = 8;

    /// <summary>Floats that the sums of a group take.</summary>
    public static int Floats(int heads, int headDim) => heads * (headDim + 2);

    /// <summary>Begins: no key seen.</summary>
    public static void Clear(float* sums, int heads, int headDim)
    {
        new Span<float>(sums, heads).Fill(float.NegativeInfinity);
        new Span<float>(sums + heads, heads * (headDim + 1)).Clear();
    }

    /// <summary>total ← total and part together.</summary>
    public static void Merge(KernelSet kernels, float* total, float* part, int heads, int headDim)
    {
        for (var head = 0; head < heads; head++)
        {
            if (float.IsNegativeInfinity(part[head]))
                continue;
            var m = MathF.Max(total[head], part[head]);
            var a = MathF.Exp(total[head] - m);
            var b = MathF.Exp(part[head] - m);
            total[head] = m;
            total[heads + head] = (total[heads + head] * a) + (part[heads + head] * b);
            var o = Outputs(total, heads) + (head * headDim);
            var p = Outputs(part, heads) + (head * headDim);
            kernels.Scale(o, a, headDim);
            kernels.Scale(p, b, headDim);
            kernels.Add(o, p, headDim);
        }
    }

    /// <summary>y = o / l.</summary>
    public static void Finish(KernelSet kernels, float* sums, int heads, int headDim, float* y)
    {
        new ReadOnlySpan<float>(Outputs(sums, heads), heads * headDim).CopyTo(new Span<float>(y, heads * headDim));
        for (var head = 0; head < heads; head++)
            kernels.Scale(y + (head * headDim), 1 / sums[heads + head], headDim);
    }

    /// <summary>The maxima [heads].</summary>
    public static float* Maxima(float* sums) => sums;

    /// <summary>The sums [heads].</summary>
    public static float* Sums(float* sums, int heads) => sums + heads;

    /// <summary>The outputs [heads, headDim].</summary>
    public static float* Outputs(float* sums, int heads) => sums + (2 * heads);
}
