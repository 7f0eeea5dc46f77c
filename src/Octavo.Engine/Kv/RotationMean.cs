using Octavo.Engine.Running;
using Octavo.Models;

namespace Octavo.Engine.Kv;

/// <summary>Rotary embeddings as matrices, averaged over positions.</summary>
internal static class RotationMean
{
    /// <summary>The mean of the rotations of some positions: [d][d], the identity on what does not rotate.</summary>
    public static float[] Of(LoweredRotary? rotary, Pairing pairing, int headDim, int from, int count)
    {
        var mean = new float[headDim * headDim];
        for (var d = 0; d < headDim; d++)
            mean[(d * headDim) + d] = 1;
        if (rotary is null)
            return mean;
        var pairs = rotary.Rotary.Dims / 2;
        var inverse = new double[pairs];
        var length = from + count;
        var attention = RotaryFrequencies.Compute(rotary.Rotary, length, rotary.Factors.For(rotary.Rotary, length), inverse);
        for (var pair = 0; pair < pairs; pair++)
        {
            double cos = 0, sin = 0;
            for (var position = from; position < from + count; position++)
            {
                var (s, c) = MathF.SinCos(position * (float)inverse[pair]);
                (cos, sin) = (cos + c, sin + s);
            }
            var (a, b) = pairing == Pairing.Halves ? (pair, pair + pairs) : (2 * pair, (2 * pair) + 1);
            var (meanCos, meanSin) = ((float)(cos / count) * attention, (float)(sin / count) * attention);
            mean[(a * headDim) + a] = mean[(b * headDim) + b] = meanCos;
            mean[(a * headDim) + b] = -meanSin;
            mean[(b * headDim) + a] = meanSin;
        }
        return mean;
    }
}
