using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>Cross-entropy of rows of logits; its gradient takes their place.</summary>
internal static unsafe class SoftmaxLossKernel
{
    // so many exponentials are added up in fp32 before they join the row's sum
    private const int Band = 1024;

    /// <param name="logits">[rows, width]; with weights they become weight · (softmax − one-hot).</param>
    /// <param name="targets">[rows]</param>
    /// <param name="weights">[rows]; null computes losses alone.</param>
    /// <param name="losses">[rows], written: −log softmax[target].</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="cap">A logit x counts as cap · tanh(x / cap); 0 for none.</param>
    public static void Run<T>(void* logits, int* targets, float* weights, float* losses, long first, long end, int width, float cap) where T : struct, INumbers
    {
        for (var row = first; row < end; row++)
        {
            var at = row * width;
            var most = Most<T>(logits, at, width, cap);
            var target = ScoreOne<T>(logits, at + targets[row], cap);
            var sum = most + (float)Math.Log(Sum<T>(logits, at, width, cap, most));
            losses[row] = sum - target;
            if (weights == null)
                continue;
            Slopes<T>(logits, at, width, cap, sum, weights[row]);
            T.StoreOne(logits, at + targets[row], (MathF.Exp(target - sum) - 1) * weights[row] * SlopeOne(target, cap));
        }
    }

    private static float Most<T>(void* logits, long at, int width, float cap) where T : struct, INumbers
    {
        var most = Vector256.Create(float.MinValue);
        var i = 0;
        // tanh rises, so that the most is found before it
        for (; i <= width - 8; i += 8)
            most = Vector256.Max(most, T.Load(logits, at + i));
        var one = float.MinValue;
        for (var lane = 0; lane < 8; lane++)
            one = MathF.Max(one, most[lane]);
        for (; i < width; i++)
            one = MathF.Max(one, T.LoadOne(logits, at + i));
        return cap == 0 ? one : cap * MathF.Tanh(one / cap);
    }

    private static double Sum<T>(void* logits, long at, int width, float cap, float most) where T : struct, INumbers
    {
        var (all, i) = (0.0, 0);
        while (i <= width - 8)
        {
            var sum = Vector256<float>.Zero;
            for (var end = Math.Min(width - 8, i + Band - 8); i <= end; i += 8)
                sum += Exponential.Of(Score(T.Load(logits, at + i), cap) - Vector256.Create(most));
            all += Vector256.Sum(sum);
        }
        for (; i < width; i++)
            all += MathF.Exp(ScoreOne<T>(logits, at + i, cap) - most);
        return all;
    }

    private static void Slopes<T>(void* logits, long at, int width, float cap, float sum, float weight) where T : struct, INumbers
    {
        var i = 0;
        for (; i <= width - 8; i += 8)
        {
            var score = Score(T.Load(logits, at + i), cap);
            var d = Exponential.Of(score - Vector256.Create(sum)) * weight;
            if (cap != 0)
                d *= Vector256<float>.One - (score / cap * (score / cap));
            T.Store(logits, at + i, d);
        }
        for (; i < width; i++)
        {
            var score = ScoreOne<T>(logits, at + i, cap);
            T.StoreOne(logits, at + i, MathF.Exp(score - sum) * weight * SlopeOne(score, cap));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Score(Vector256<float> x, float cap) => cap == 0 ? x : Exponential.Tanh(x / cap) * cap;

    private static float ScoreOne<T>(void* logits, long at, float cap) where T : struct, INumbers =>
        cap == 0 ? T.LoadOne(logits, at) : cap * MathF.Tanh(T.LoadOne(logits, at) / cap);

    private static float SlopeOne(float score, float cap) => cap == 0 ? 1 : 1 - (score / cap * (score / cap));
}
