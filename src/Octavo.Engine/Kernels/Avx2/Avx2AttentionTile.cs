using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Attention on 256-bit vectors: up to three queries take 32 slots or columns at a time, four take 16.</summary>
internal readonly unsafe struct Avx2AttentionTile : IAttentionTile
{
    private const int Positions = PageLayout.Positions;

    public static void Scores<TNumbers>(
        int count, float* q, int headDim, byte* k, float* scales, Slots seen, float* scores, byte* ahead) where TNumbers : struct, INumbers
    {
        var step = count == 4 ? 16 : 32;
        for (var j = seen.From / step * step; j < seen.To; j += step)
        {
            var at = j * TNumbers.Bytes;
            switch (count)
            {
                case 1: Avx2Scores.UpTo3<One, TNumbers>(q, headDim, k + at, scales + j, scores + j, ahead + at); break;
                case 2: Avx2Scores.UpTo3<Two, TNumbers>(q, headDim, k + at, scales + j, scores + j, ahead + at); break;
                case 3: Avx2Scores.UpTo3<Three, TNumbers>(q, headDim, k + at, scales + j, scores + j, ahead + at); break;
                default: Avx2Scores.All4<TNumbers>(q, headDim, k + at, scales + j, scores + j, ahead + at); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weigh(float* scores, Slots own, Slots seen, int bias, float* m, float* l, float* kept, float* added)
    {
        var first = seen.From & ~7;
        var last = (seen.To + 7) & ~7;
        if (own.IsEmpty)
        {
            new Span<float>(scores + first, last - first).Clear();
            *kept = 1;
            // −0, so that not even the sign of a zero changes
            *added = -0f;
            return;
        }
        if (first < own.From)
            new Span<float>(scores + first, own.From - first).Fill(float.NegativeInfinity);
        if (own.To < last)
            new Span<float>(scores + own.To, last - own.To).Fill(float.NegativeInfinity);
        var tops = Vector256.Load(scores + first);
        for (var j = first + 8; j < last; j += 8)
            tops = Avx.Max(tops, Vector256.Load(scores + j));
        var top = Avx2Lanes.Top(tops);
        var sums = Vector256<float>.Zero;
        var exponent = Vector256.Create(bias);
        for (var j = first; j < last; j += 8)
        {
            var p = Avx2Exponential.Weight(Vector256.Load(scores + j) - Vector256.Create(top), exponent);
            p.Store(scores + j);
            sums += p;
        }
        Merge(sums, top, bias, m, l, kept, added);
    }

    /// <summary>Takes a page's maximum and the lanes of its sum into the running ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Merge(Vector256<float> sums, float top, int bias, float* m, float* l, float* kept, float* added)
    {
        var higher = MathF.Max(*m, top);
        var factors = Avx2Exponential.Weight(Vector256.Create(*m - higher, top - higher, 0, 0, 0, 0, 0, 0), Vector256.Create(127));
        *kept = factors.GetElement(0);
        *added = factors.GetElement(1);
        // the exact inverse of the weights' power of two
        var plain = BitConverter.Int32BitsToSingle((254 - bias) << 23);
        *l = MathF.FusedMultiplyAdd(Avx2Lanes.Sum(sums) * plain, *added, *l * *kept);
        *m = higher;
    }

    [SkipLocalsInit]
    public static void Outputs<TNumbers>(
        int count, float* weights, int stride, byte* v, float* scales, Slots seen, float* kept, float* added, float* o, byte* ahead)
        where TNumbers : struct, INumbers
    {
        var scaled = stackalloc float[4 * Positions];
        var p = TNumbers.HasScales ? scaled : weights;
        for (var i = 0; i < stride;)
        {
            if (TNumbers.HasScales && i % PageLayout.BlockDims == 0)
                Scale(count, weights, scales + (i / PageLayout.BlockDims * Positions), seen, scaled);
            var at = i * TNumbers.Bytes;
            if (count == 4 || i + 32 > stride)
            {
                switch (count)
                {
                    case 1: Avx2Outputs.Columns16<One, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
                    case 2: Avx2Outputs.Columns16<Two, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
                    case 3: Avx2Outputs.Columns16<Three, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
                    default: Avx2Outputs.Columns16<Four, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
                }
                i += 16;
                continue;
            }
            switch (count)
            {
                case 1: Avx2Outputs.Columns32<One, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
                case 2: Avx2Outputs.Columns32<Two, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
                default: Avx2Outputs.Columns32<Three, TNumbers>(p, stride, v + at, seen, kept, added, o + i, ahead + at); break;
            }
            i += 32;
        }
    }

    public static void Expand(KvType type, byte* numbers, int count, float* y)
    {
        if (type == KvType.F16)
            Expand<PageHalves>(numbers, count, y);
        else
            Expand<PageBytes>(numbers, count, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Expand<TNumbers>(byte* numbers, int count, float* y) where TNumbers : struct, INumbers
    {
        // whole pages and rows: a multiple of 16
        for (var end = y + count; y < end; y += 16, numbers += 16 * TNumbers.Bytes)
        {
            TNumbers.Load8(numbers).Store(y);
            TNumbers.Load8(numbers + (8 * TNumbers.Bytes)).Store(y + 8);
        }
    }

    /// <summary>scaled[i][j] = weights[i][j] · scales[j].</summary>
    public static void Scale(int count, float* weights, float* scales, Slots seen, float* scaled)
    {
        for (var i = 0; i < count; i++, weights += Positions, scaled += Positions)
        {
            for (var j = seen.From & ~7; j < seen.To; j += 8)
                (Vector256.Load(weights + j) * Vector256.Load(scales + j)).Store(scaled + j);
        }
    }
}
