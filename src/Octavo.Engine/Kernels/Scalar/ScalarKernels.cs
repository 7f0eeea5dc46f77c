using Octavo.Core.Tensors;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>The reference: plain loops, one number at a time, no instruction set assumed.</summary>
internal sealed unsafe class ScalarKernels : KernelSet
{
    public override string Name => "scalar";

    public override bool HasI16(TensorType type) => ScalarRows.HasBlocks(type);

    public override int ScratchFloats(int columns) => columns;

    public override void MatMulF32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch)
    {
        for (var r = 0; r < w.Rows; r++)
        {
            ScalarRows.Expand(w.Type, w.Data + (r * w.RowBytes), w.RowBytes, w.Columns, scratch);
            for (long t = 0; t < tokens; t++)
            {
                var sum = 0f;
                for (var k = 0; k < w.Columns; k++)
                    sum += scratch[k] * x[(t * ldx) + k];
                y[(t * ldy) + r] = sum;
            }
        }
    }

    public override void MatMulI16(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
    {
        if (!HasI16(w.Type))
            throw NoI16(w.Type);
        var blocks = w.Columns / 32;
        for (var r = 0; r < w.Rows; r++)
        {
            for (long t = 0; t < tokens; t++)
            {
                var row = w.Data + (r * w.RowBytes);
                y[(t * ldy) + r] = Dot(w.Type, row, x.Q + (t * x.Columns), x.D + (t * blocks), x.S + (t * blocks), blocks);
            }
        }
    }

    private static float Dot(TensorType type, byte* row, short* q, float* d, float* s, int blocks)
    {
        var numbers = stackalloc short[32];
        var sum = 0f;
        var min = 0f;
        for (var b = 0; b < blocks; b++)
        {
            ScalarRows.Unpack(type, row + (b * type.BlockBytes()), numbers, out var scale, out var minimum);
            var products = 0;
            for (var i = 0; i < 32; i++)
                products += numbers[i] * q[(b * 32) + i];
            sum += products * (scale * d[b]);
            min += minimum * s[b];
        }
        return sum + min;
    }

    public override void QuantizeI16(float* x, int n, short* q, float* d, float* s)
    {
        for (var b = 0; b < n / 32; b++)
        {
            var top = 0;
            for (var i = b * 32; i < (b + 1) * 32; i++)
                top = Math.Max(top, BitConverter.SingleToInt32Bits(x[i]) & 0x7FFFFFFF);
            d[b] = Rounding.Scale(top, out var inverse);
            var sum = 0;
            for (var i = b * 32; i < (b + 1) * 32; i++)
            {
                q[i] = inverse == 0 ? (short)0 : (short)MathF.Round(x[i] * inverse);
                sum += q[i];
            }
            s[b] = d[b] * sum;
        }
    }

    public override void RmsNorm(float* x, float* w, float epsilon, int n, float* y)
    {
        var sum = 0f;
        for (var i = 0; i < n; i++)
            sum += x[i] * x[i];
        var scale = 1 / MathF.Sqrt((sum / n) + epsilon);
        for (var i = 0; i < n; i++)
            y[i] = x[i] * scale * w[i];
    }

    public override void SiluMul(float* gate, float* up, int n, float* y)
    {
        for (var i = 0; i < n; i++)
            y[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
    }

    public override void Add(float* x, float* y, int n)
    {
        for (var i = 0; i < n; i++)
            x[i] += y[i];
    }

    public override void Scale(float* x, float factor, int n)
    {
        for (var i = 0; i < n; i++)
            x[i] *= factor;
    }

    public override void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin)
    {
        var (step, apart) = pairing == Pairing.Halves ? (1, dims / 2) : (2, 1);
        for (var head = 0; head < heads; head++, x += headDim)
        {
            for (var i = 0; i < dims / 2; i++)
            {
                var a = x[i * step];
                var b = x[(i * step) + apart];
                x[i * step] = (a * cos[i]) - (b * sin[i]);
                x[(i * step) + apart] = (b * cos[i]) + (a * sin[i]);
            }
        }
    }

    public override void AttendPage(
        float* q, int heads, int headDim, float* k, float* v, int from, int to, float* m, float* l, float* o)
    {
        var weights = stackalloc float[64];
        for (var h = 0; h < heads; h++)
        {
            var top = float.NegativeInfinity;
            for (var j = from; j < to; j++)
            {
                weights[j] = 0;
                for (var i = 0; i < headDim; i++)
                    weights[j] += q[(h * headDim) + i] * k[(j * headDim) + i];
                top = MathF.Max(top, weights[j]);
            }
            var sum = 0f;
            for (var j = from; j < to; j++)
            {
                weights[j] = MathF.Exp(weights[j] - top);
                sum += weights[j];
            }
            var higher = MathF.Max(m[h], top);
            var kept = MathF.Exp(m[h] - higher);
            var added = MathF.Exp(top - higher);
            m[h] = higher;
            l[h] = (l[h] * kept) + (sum * added);
            for (var i = 0; i < headDim; i++)
            {
                var output = 0f;
                for (var j = from; j < to; j++)
                    output += weights[j] * v[(j * headDim) + i];
                o[(h * headDim) + i] = (o[(h * headDim) + i] * kept) + (output * added);
            }
        }
    }
}
