using System.Numerics;
using System.Runtime.InteropServices;
using Octavo.Core;

namespace Octavo.Engine;

/// <summary>Readings of a row of logits.</summary>
public static class Logits
{
    /// <summary>The most likely token, the first of equals.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <exception cref="EvaluationException">The logits hold NaN or infinity.</exception>
    public static int Best(ReadOnlySpan<float> logits)
    {
        var max = Max(logits);
        if (float.IsNaN(max) || float.IsPositiveInfinity(max))
        {
            throw new EvaluationException(
                "The model's output is not a number. The weights are damaged or overflow; check the file, or run with --exact.");
        }
        return logits.IndexOf(max);
    }

    /// <summary>The natural logarithm of the sum of exponentials: a logit less this is a log-probability.</summary>
    /// <param name="logits">[vocabulary]</param>
    public static double LogSum(ReadOnlySpan<float> logits)
    {
        var max = Max(logits);
        var sum = 0.0;
        foreach (var logit in logits)
            sum += MathF.Exp(logit - max);
        return max + Math.Log(sum);
    }

    /// <summary>The <paramref name="count"/> largest logits in falling order, equal ones by rising id.</summary>
    /// <param name="logits">[vocabulary]</param>
    /// <param name="count">How many.</param>
    public static (int Id, float Logit)[] Top(ReadOnlySpan<float> logits, int count)
    {
        count = Math.Min(count, logits.Length);
        if (count == 0)
            return [];
        var top = new (int Id, float Logit)[count];
        var filled = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (filled == count && !(logits[id] > top[filled - 1].Logit))
                continue;
            var place = filled < count ? filled++ : filled - 1;
            for (; place > 0 && logits[id] > top[place - 1].Logit; place--)
                top[place] = top[place - 1];
            top[place] = (id, logits[id]);
        }
        return top;
    }

    /// <summary>The largest logit; NaN where one is.</summary>
    private static float Max(ReadOnlySpan<float> logits)
    {
        var lanes = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var best = new Vector<float>(float.NegativeInfinity);
        foreach (var lane in lanes)
            best = Vector.Max(best, lane);
        var max = float.NegativeInfinity;
        for (var i = 0; i < Vector<float>.Count; i++)
            max = MathF.Max(max, best[i]);
        foreach (var logit in logits[(lanes.Length * Vector<float>.Count)..])
            max = MathF.Max(max, logit);
        return max;
    }
}
