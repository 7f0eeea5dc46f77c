using Octavo.Models;
using static TorchSharp.torch;

namespace Octavo.Nn.Decoder;

/// <summary>cos and sin of one rotary embedding for the tokens of a pass [N, 1, Dims/2]; each sequence in the regime of its length.</summary>
internal sealed class RotaryTurns : IDisposable
{
    public RotaryTurns(Rotary rotary, RotaryFactors factors, TokenRows rows)
    {
        var pairs = rotary.Dims / 2;
        var (cos, sin) = (new float[rows.Count * pairs], new float[rows.Count * pairs]);
        var inverse = new double[pairs];
        var at = 0;
        foreach (var length in rows.Lengths)
        {
            var attention = RotaryFrequencies.Compute(rotary, length, factors.For(rotary, length), inverse);
            for (var position = 0; position < length; position++)
            {
                for (var i = 0; i < pairs; i++, at++)
                {
                    var (s, c) = MathF.SinCos(position * (float)inverse[i]);
                    (cos[at], sin[at]) = (c * attention, s * attention);
                }
            }
        }
        Cos = tensor(cos, [rows.Count, 1, pairs]).DetachFromDisposeScope();
        Sin = tensor(sin, [rows.Count, 1, pairs]).DetachFromDisposeScope();
    }

    /// <summary>[N, 1, Dims/2]</summary>
    public Tensor Cos { get; }

    /// <summary>[N, 1, Dims/2]</summary>
    public Tensor Sin { get; }

    public void Dispose()
    {
        Cos.Dispose();
        Sin.Dispose();
    }
}
