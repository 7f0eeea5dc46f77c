using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>Attention on 512-bit vectors: up to four queries take all 64 slots and up to 64 columns at a time. The bits are those of <see cref="Avx2AttentionTile"/>.</summary>
internal readonly unsafe struct Avx512AttentionTile : IAttentionTile
{
    private const int Positions = PageLayout.Positions;

    public static void Scores<TNumbers>(
        int count, float* q, int headDim, byte* k, float* scales, Slots seen, float* scores, byte* ahead) where TNumbers : struct, INumbers
    {
        switch (count)
        {
            case 1: Avx512Scores.All<One, TNumbers>(q, headDim, k, scales, scores, ahead); break;
            case 2: Avx512Scores.All<Two, TNumbers>(q, headDim, k, scales, scores, ahead); break;
            case 3: Avx512Scores.All<Three, TNumbers>(q, headDim, k, scales, scores, ahead); break;
            default: Avx512Scores.All<Four, TNumbers>(q, headDim, k, scales, scores, ahead); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Weigh(float* scores, Slots own, Slots seen, int bias, float* m, float* l, float* kept, float* added)
    {
        if (own != new Slots(0, Positions))
        {
            Avx2AttentionTile.Weigh(scores, own, seen, bias, m, l, kept, added);
            return;
        }
        var s0 = Vector512.Load(scores);
        var s1 = Vector512.Load(scores + 16);
        var s2 = Vector512.Load(scores + 32);
        var s3 = Vector512.Load(scores + 48);
        var tops = Avx512F.Max(Avx512F.Max(s0, s1), Avx512F.Max(s2, s3));
        var top = Avx2Lanes.Top(Avx.Max(tops.GetLower(), tops.GetUpper()));
        var exponent = Vector512.Create(bias);
        var most = Vector512.Create(top);
        s0 = Weight(s0 - most, exponent);
        s1 = Weight(s1 - most, exponent);
        s2 = Weight(s2 - most, exponent);
        s3 = Weight(s3 - most, exponent);
        s0.Store(scores);
        s1.Store(scores + 16);
        s2.Store(scores + 32);
        s3.Store(scores + 48);
        // slot j in lane j mod 8, in order, as 256-bit vectors sum them
        var sums = s0.GetLower() + s0.GetUpper();
        sums += s1.GetLower();
        sums += s1.GetUpper();
        sums += s2.GetLower();
        sums += s2.GetUpper();
        sums += s3.GetLower();
        sums += s3.GetUpper();
        Avx2AttentionTile.Merge(sums, top, bias, m, l, kept, added);
    }

    [SkipLocalsInit]
    public static void Outputs<TNumbers>(
        int count, float* weights, int stride, byte* v, float* scales, Slots seen, float* kept, float* added, float* o, byte* ahead)
        where TNumbers : struct, INumbers
    {
        // the weights of two blocks of columns
        var scaled = stackalloc float[2 * 4 * Positions];
        var (low, high) = TNumbers.HasScales ? ((nint)scaled, (nint)(scaled + (4 * Positions))) : ((nint)weights, (nint)weights);
        for (var i = 0; i < stride; i += 64)
        {
            if (TNumbers.HasScales)
            {
                var block = scales + (i / PageLayout.BlockDims * Positions);
                Avx2AttentionTile.Scale(count, weights, block, seen, scaled);
                if (i + 32 < stride)
                    Avx2AttentionTile.Scale(count, weights, block + Positions, seen, scaled + (4 * Positions));
            }
            var at = i * TNumbers.Bytes;
            var run = new Avx512Outputs.Columns((float*)low, (float*)high, stride, v + at, seen, kept, added, o + i, ahead + at);
            switch (count)
            {
                case 1: Avx512Outputs.Take<One, TNumbers>(run, stride - i); break;
                case 2: Avx512Outputs.Take<Two, TNumbers>(run, stride - i); break;
                case 3: Avx512Outputs.Take<Three, TNumbers>(run, stride - i); break;
                default: Avx512Outputs.Take<Four, TNumbers>(run, stride - i); break;
            }
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
            TNumbers.Load16(numbers).Store(y);
    }

    /// <summary><see cref="Avx2Exponential.Weight"/> on sixteen lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Weight(Vector512<float> x, Vector512<int> bias)
    {
        x = Avx512F.Max(Vector512.Create(-200f), x);
        var n = Avx512F.RoundScale(x * Vector512.Create(1.44269504088896341f), 0);
        var r = Avx512F.FusedMultiplyAddNegated(n, Vector512.Create(0.693359375f), x);
        r = Avx512F.FusedMultiplyAddNegated(n, Vector512.Create(-2.12194440e-4f), r);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Avx512F.FusedMultiplyAdd(p, r * r, r) + Vector512<float>.One;
        var power = Avx512F.Max(Avx512F.ConvertToVector512Int32(n) + bias, Vector512<int>.Zero);
        return p * Avx512F.ShiftLeftLogical(power, 23).AsSingle();
    }
}
