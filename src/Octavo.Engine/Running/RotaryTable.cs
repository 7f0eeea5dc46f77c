using Octavo.Models;

namespace Octavo.Engine.Running;

/// <summary>
/// cos and sin of one rotary embedding for the rows of a block. The frequencies are those of the regime that the sequence's length
/// after the whole call decides, so cutting a prompt into blocks changes nothing.
/// </summary>
internal sealed unsafe class RotaryTable : IDisposable
{
    private readonly Rotary _rotary;
    private readonly RotaryFactors _factors;
    private readonly double[] _inverse;
    private readonly float[] _frequencies;
    private readonly NativeBuffer<float> _cos;
    private readonly NativeBuffer<float> _sin;
    private int _regime = -1;
    private float _attention;

    public RotaryTable(Rotary rotary, RotaryFactors factors, int rows)
    {
        _rotary = rotary;
        _factors = factors;
        Pairs = rotary.Dims / 2;
        _inverse = new double[Pairs];
        _frequencies = new float[Pairs];
        _cos = new NativeBuffer<float>((long)rows * Pairs);
        _sin = new NativeBuffer<float>((long)rows * Pairs);
    }

    /// <summary>What the table of so many rows takes.</summary>
    public static long BytesOf(Rotary rotary, int rows) => 2L * rows * (rotary.Dims / 2) * sizeof(float);

    /// <summary>Whether keys of sequences up to a length differ by how long the sequence is.</summary>
    public static bool DependsOnLength(Rotary rotary, int length) => rotary.Scaling switch
    {
        DynamicScaling dynamic => length > dynamic.OriginalLength,
        LongRopeScaling scaling => length > scaling.OriginalLength,
        _ => false,
    };

    /// <summary>Numbers that rotate.</summary>
    public int Dims => _rotary.Dims;

    /// <summary>Pairs that rotate.</summary>
    public int Pairs { get; }

    /// <summary>The row's cosines [Pairs].</summary>
    public float* Cos(int row) => _cos.Pointer + ((long)row * Pairs);

    /// <summary>The row's sines [Pairs].</summary>
    public float* Sin(int row) => _sin.Pointer + ((long)row * Pairs);

    /// <summary>Fills the table for the rows of a block.</summary>
    /// <param name="rows">The block.</param>
    /// <param name="lengths">Length of each sequence once the whole call is done.</param>
    public void Fill(ReadOnlySpan<Row> rows, ReadOnlySpan<int> lengths)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            Follow(lengths[rows[row].Sequence]);
            var cos = Cos(row);
            var sin = Sin(row);
            for (var i = 0; i < Pairs; i++)
            {
                var (s, c) = MathF.SinCos(rows[row].Position * _frequencies[i]);
                cos[i] = c * _attention;
                sin[i] = s * _attention;
            }
        }
    }

    private void Follow(int sequenceLength)
    {
        var regime = _rotary.Scaling switch
        {
            DynamicScaling dynamic => Math.Max(sequenceLength, dynamic.OriginalLength),
            LongRopeScaling scaling => Math.Clamp(sequenceLength, scaling.OriginalLength, scaling.OriginalLength + 1),
            _ => 0,
        };
        if (regime == _regime)
            return;
        _attention = RotaryFrequencies.Compute(_rotary, regime, _factors.For(_rotary, regime), _inverse);
        for (var i = 0; i < Pairs; i++)
            _frequencies[i] = (float)_inverse[i];
        _regime = regime;
    }

    public void Dispose()
    {
        _cos.Dispose();
        _sin.Dispose();
    }
}
