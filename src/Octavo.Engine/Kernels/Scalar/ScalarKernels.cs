using System.Runtime.Intrinsics;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>The reference: plain loops, one number at a time, no instruction set assumed.</summary>
internal sealed unsafe class ScalarKernels : KernelSet
{
    public override string Name => "scalar";

    public override int ScratchFloats(int columns) => Math.Max(columns, PackedPanel.Floats(columns));

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

    public override void MatMulPacked(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch) =>
        ScalarPacked.MatMul(w, x, tokens, y, ldy, scratch);

    public override void Quantize(float* x, in QuantizedRows to) => ScalarPacked.Quantize(x, to);

    public override void RmsNorm(float* x, float* w, float epsilon, int n, float* y)
    {
        var sum = 0f;
        for (var i = 0; i < n; i++)
            sum += x[i] * x[i];
        var scale = 1 / MathF.Sqrt((sum / n) + epsilon);
        for (var i = 0; i < n; i++)
            y[i] = x[i] * scale * w[i];
    }

    public override void LayerNorm(float* x, float* w, float* b, float epsilon, int n, float* y)
    {
        var sum = 0f;
        for (var i = 0; i < n; i++)
            sum += x[i];
        var mean = sum / n;
        var squares = 0f;
        for (var i = 0; i < n; i++)
            squares += (x[i] - mean) * (x[i] - mean);
        var scale = 1 / MathF.Sqrt((squares / n) + epsilon);
        for (var i = 0; i < n; i++)
            y[i] = ((x[i] - mean) * scale * w[i]) + b[i];
    }

    public override void Activate(Activation act, float* x, int n)
    {
        for (var i = 0; i < n; i++)
        {
            x[i] = act switch
            {
                Activation.Silu => x[i] / (1 + MathF.Exp(-x[i])),
                Activation.GeluTanh => x[i] / (1 + MathF.Exp(-GeluTanhGate.Of(x[i]))),
                _ => PortableElementwise.Gelu(Vector128.Create(x[i])).ToScalar(),
            };
        }
    }

    public override void GateMul(Activation act, float* gate, float* up, int n, float* y)
    {
        for (var i = 0; i < n; i++)
            y[i] = gate[i] / (1 + MathF.Exp(-(act == Activation.Silu ? SiluGate.Of(gate[i]) : GeluTanhGate.Of(gate[i])))) * up[i];
    }

    public override void Cap(float* x, float cap, int n)
    {
        for (var i = 0; i < n; i++)
            x[i] = cap * MathF.Tanh(x[i] / cap);
    }

    public override void Add(float* x, float* y, int n)
    {
        for (var i = 0; i < n; i++)
            x[i] += y[i];
    }

    public override void AddLowRank(float* u, int rank, float* b, int ldb, float* gain, float* y, int n)
    {
        for (var i = 0; i < n; i++)
            PortableLowRank.One(u, rank, b + i, ldb, gain == null ? null : gain + i, y + i);
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

    public override void AttendPage(in PageView page, in QueryBlock queries, Slots* visible, byte* ahead, float* scratch) =>
        ScalarAttention.Page(page, queries, visible, scratch);

    public override void ScorePage(in PageView page, float* q, int count, float* scores) => ScalarAttention.Scores(page, q, count, scores);

    public override bool StorePosition(in PageView page, int slot, float* k, float* v) => ScalarPages.Store(page, slot, k, v);
}
