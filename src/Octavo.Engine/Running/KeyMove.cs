using Octavo.Core;
using Octavo.Engine.Kernels;
using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>
/// Moves keys that were rotated for some positions to others. Each is turned by the difference of the two angles that the engine itself
/// uses there, in fp32 as it rounds them. A factor on cos and sin (YaRN) is in the keys already and is not applied again.
/// </summary>
internal sealed unsafe class KeyMove : IDisposable
{
    private readonly float[] _frequencies;
    private readonly NativeBuffer<float> _cos;
    private readonly NativeBuffer<float> _sin;
    private readonly int _dims;

    /// <param name="rotary">The rotation.</param>
    /// <param name="keys">The most keys that are moved at once.</param>
    /// <param name="length">The longest sequence that they come from or go to.</param>
    /// <exception cref="UnsupportedException">Frequencies depend on how long a sequence is: keys of another one are of no use.</exception>
    public KeyMove(LoweredRotary rotary, int keys, int length)
    {
        if (RotaryTable.DependsOnLength(rotary.Rotary, length))
        {
            throw new UnsupportedException(
                $"Keys cannot be moved: beyond the trained length {rotary.Rotary.Scaling!.GetType().Name} gives them frequencies by the length of their sequence, which may be {length}. Make the context shorter.");
        }
        _dims = rotary.Rotary.Dims;
        var inverse = new double[_dims / 2];
        RotaryFrequencies.Compute(rotary.Rotary, 0, rotary.Factors.For(rotary.Rotary, 0), inverse);
        _frequencies = [.. inverse.Select(frequency => (float)frequency)];
        _cos = new NativeBuffer<float>((long)keys * _frequencies.Length);
        _sin = new NativeBuffer<float>((long)keys * _frequencies.Length);
    }

    /// <summary>Sets where a key comes from and goes to.</summary>
    /// <param name="key">Which of the keys.</param>
    /// <param name="from">The position that it was rotated for.</param>
    /// <param name="to">The position that it is to have.</param>
    public void Set(int key, int from, int to)
    {
        var at = (long)key * _frequencies.Length;
        for (var i = 0; i < _frequencies.Length; i++)
        {
            var (sin, cos) = Math.SinCos((double)(to * _frequencies[i]) - (from * _frequencies[i]));
            _cos.Pointer[at + i] = (float)cos;
            _sin.Pointer[at + i] = (float)sin;
        }
    }

    /// <summary>Turns a key in place.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="key">Which of the keys that were set.</param>
    /// <param name="numbers">[headDim]</param>
    /// <param name="headDim">Its width.</param>
    /// <param name="pairing">Which numbers form pairs as the key is stored.</param>
    public void Turn(KernelSet kernels, int key, float* numbers, int headDim, Pairing pairing)
    {
        var at = (long)key * _frequencies.Length;
        kernels.Rotate(numbers, 1, headDim, _dims, pairing, _cos.Pointer + at, _sin.Pointer + at);
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
