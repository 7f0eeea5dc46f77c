using System.Globalization;
using static TorchSharp.torch;

namespace Octavo.Training.Recipes;

/// <summary>
/// What becomes of small steps where weights are kept in bf16 alone. A number in [2^e, 2^(e+1)) is 2^(e-7) away from its neighbours, so a step below half
/// of that is rounded away, and the next one begins from the same number again.
/// </summary>
internal static class LostSteps
{
    // half the distance, over the power of two below the number
    private const int HalfStep = 8;

    /// <summary>Says so where a step of AdamW, which is about the learning rate, is lost on most weights; null where it is not.</summary>
    /// <param name="weights">What is trained.</param>
    /// <param name="rate">The highest learning rate of the run.</param>
    public static string? Warning(IEnumerable<Tensor> weights, double rate)
    {
        if (rate == 0)
            return null;
        var bound = SmallestStill(rate);
        var (count, still, sum) = (0L, 0L, 0.0);
        foreach (var weight in weights)
        {
            using var off = no_grad();
            using var scope = NewDisposeScope();
            var size = weight.detach().abs();
            count += size.numel();
            still += size.gt(bound).sum().item<long>();
            sum += size.sum(type: ScalarType.Float32).item<float>();
        }
        if (still * 2 <= count)
            return null;
        var (share, mean) = (100.0 * still / count, sum / count);
        return string.Create(CultureInfo.InvariantCulture,
            $"master_weights is false: weights are kept in bfloat16 alone, and a step moves a weight by about the learning rate. At {rate:G3} that is less than half the "
            + $"distance to the next bfloat16 number for {share:F0} % of the weights, which stay as they are however many steps are done. A weight of the mean size, "
            + $"{mean:G2}, moves from a learning rate of about {mean * Math.Pow(2, -HalfStep - 1):G2} on. Keep float32 masters (master_weights: true), or raise learning_rate.");
    }

    /// <summary>The power of two above which no number moves by such a step; itself, it may go down, where bf16 is twice as fine.</summary>
    internal static double SmallestStill(double step) => Math.Pow(2, Math.Floor(Math.Log2(step)) + HalfStep + 1);
}
