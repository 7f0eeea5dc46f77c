using Octavo.Engine.Kernels;
using Shouldly;

namespace Octavo.UnitTests.Engine.Kernels;

/// <summary>Runs the products on guarded memory with strides larger than needed, and knows the right answer.</summary>
internal sealed unsafe class Product : IDisposable
{
    private readonly KernelSet _set;
    private readonly Guarded<float> _x;
    private readonly Guarded<float> _scratch;
    private readonly int _ldx;

    /// <param name="set">The kernels.</param>
    /// <param name="weights">The matrix.</param>
    /// <param name="tokens">Rows of activations.</param>
    /// <param name="activations">[tokens, columns]</param>
    /// <param name="bits">8 or 16: packed weights and quantized activations; 32: fp32.</param>
    public Product(KernelSet set, Weights weights, int tokens, float[] activations, int bits)
    {
        _set = set;
        Weights = weights;
        Tokens = tokens;
        Bits = bits;
        _ldx = weights.Columns + 5;
        _x = new Guarded<float>(tokens * _ldx);
        _scratch = new Guarded<float>(set.ScratchFloats(weights.Columns));
        for (var t = 0; t < tokens; t++)
            activations.AsSpan(t * weights.Columns, weights.Columns).CopyTo(_x.Span[(t * _ldx)..]);
        Quantized = Quantize(0, bits == 32 ? 0 : tokens);
    }

    public Weights Weights { get; }

    public int Tokens { get; }

    public int Bits { get; }

    /// <summary>The activations as quantized, where they are.</summary>
    public Quantized Quantized { get; }

    /// <summary>[tokens, rows] of a part of the product, with everything around the outputs checked.</summary>
    public float[,] Run(int row, int rows, int token, int tokens)
    {
        var ldy = rows + 3;
        using var y = new Guarded<float>(((tokens - 1) * ldy) + rows);
        var w = Weights.Slice(row, rows);
        if (Bits != 32)
        {
            using var packed = new Packed(w);
            packed.AllFinite.ShouldBeTrue();
            using var x = Quantize(token, tokens);
            _set.MatMulPacked(packed.Rows, x.All, tokens, y.Pointer, ldy, _scratch.Pointer);
        }
        else
        {
            _set.MatMulF32(w, _x.Pointer + (token * _ldx), _ldx, tokens, y.Pointer, ldy, _scratch.Pointer);
        }
        y.CheckGuards();
        _scratch.CheckGuards();
        var result = new float[tokens, rows];
        for (var t = 0; t < tokens; t++)
        {
            for (var r = 0; r < rows; r++)
                result[t, r] = y.Span[(t * ldy) + r];
            for (var gap = (t * ldy) + rows; t + 1 < tokens && gap < (t + 1) * ldy; gap++)
                y.IsUntouched(gap).ShouldBeTrue($"the gap after row {t} was written");
        }
        return result;
    }

    private Quantized Quantize(int token, int tokens)
    {
        var quantized = new Quantized(tokens, Weights.Columns, Bits);
        for (var t = 0; t < tokens; t++)
            _set.Quantize(_x.Pointer + ((token + t) * _ldx), quantized.Row(t));
        quantized.CheckGuards();
        return quantized;
    }

    /// <summary>The whole product, one row and one token at a time.</summary>
    public float[,] OneByOne()
    {
        var result = new float[Tokens, Weights.Rows];
        for (var t = 0; t < Tokens; t++)
        {
            for (var r = 0; r < Weights.Rows; r++)
                result[t, r] = Run(r, 1, t, 1)[0, 0];
        }
        return result;
    }

    /// <summary>An output in double precision, and the sum of its terms' magnitudes.</summary>
    public (double Value, double Magnitude) Expected(int token, int row)
    {
        double value = 0, magnitude = 0;
        for (var c = 0; c < Weights.Columns; c++)
        {
            var x = Bits == 32 ? _x.Span[(token * _ldx) + c] : Quantized.Value(token, c);
            value += Weights.Values[row, c] * x;
            // d·n and m are summed apart, so both count where they cancel
            magnitude += (Math.Abs(Weights.Values[row, c]) + (2 * Math.Abs(Weights.Minimum(row, c)))) * Math.Abs(x);
        }
        return (value, magnitude);
    }

    public void Dispose()
    {
        _x.Dispose();
        Quantized.Dispose();
        _scratch.Dispose();
    }
}
