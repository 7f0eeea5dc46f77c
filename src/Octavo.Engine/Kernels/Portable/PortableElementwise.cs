using System.Runtime.Intrinsics;
using Octavo.Models;

namespace Octavo.Engine.Kernels;

/// <summary>Norms, activations, rotation and rounding on four lanes.</summary>
internal static unsafe class PortableElementwise
{
    public static void RmsNorm(float* x, float* w, float epsilon, int n, float* y)
    {
        var even = Vector128<float>.Zero;
        var odd = Vector128<float>.Zero;
        var i = 0;
        for (; i + 8 <= n; i += 8)
        {
            var v0 = Vector128.Load(x + i);
            var v1 = Vector128.Load(x + i + 4);
            even = Vector128.MultiplyAddEstimate(v0, v0, even);
            odd = Vector128.MultiplyAddEstimate(v1, v1, odd);
        }
        for (; i < n; i += 4)
        {
            var v = PortableLanes.Load(x + i, n - i);
            even = Vector128.MultiplyAddEstimate(v, v, even);
        }
        var scale = 1 / MathF.Sqrt((PortableLanes.Sum(even + odd) / n) + epsilon);
        for (i = 0; i + 4 <= n; i += 4)
            (Vector128.Load(x + i) * scale * Vector128.Load(w + i)).Store(y + i);
        for (; i < n; i++)
            y[i] = x[i] * scale * w[i];
    }

    public static void SiluMul(float* gate, float* up, int n, float* y)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
            (Silu(Vector128.Load(gate + i)) * Vector128.Load(up + i)).Store(y + i);
        for (; i < n; i++)
            y[i] = Silu(Vector128.Create(gate[i])).ToScalar() * up[i];
    }

    private static Vector128<float> Silu(Vector128<float> x) => x / (Vector128<float>.One + PortableLanes.Exp(-x));

    public static void Add(float* x, float* y, int n)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
            (Vector128.Load(x + i) + Vector128.Load(y + i)).Store(x + i);
        for (; i < n; i++)
            x[i] += y[i];
    }

    public static void Scale(float* x, float factor, int n)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
            (Vector128.Load(x + i) * factor).Store(x + i);
        for (; i < n; i++)
            x[i] *= factor;
    }

    public static void Rotate(float* x, int heads, int headDim, int dims, Pairing pairing, float* cos, float* sin)
    {
        for (var head = 0; head < heads; head++, x += headDim)
        {
            if (pairing == Pairing.Halves)
                RotateHalves(x, x + (dims / 2), dims / 2, cos, sin);
            else
                RotateNeighbours(x, dims / 2, cos, sin);
        }
    }

    private static void RotateHalves(float* a, float* b, int pairs, float* cos, float* sin)
    {
        var i = 0;
        for (; i + 4 <= pairs; i += 4)
        {
            var va = Vector128.Load(a + i);
            var vb = Vector128.Load(b + i);
            var c = Vector128.Load(cos + i);
            var s = Vector128.Load(sin + i);
            ((va * c) - (vb * s)).Store(a + i);
            ((vb * c) + (va * s)).Store(b + i);
        }
        for (; i < pairs; i++)
            (a[i], b[i]) = ((a[i] * cos[i]) - (b[i] * sin[i]), (b[i] * cos[i]) + (a[i] * sin[i]));
    }

    private static void RotateNeighbours(float* x, int pairs, float* cos, float* sin)
    {
        var i = 0;
        for (; i + 2 <= pairs; i += 2)
        {
            var v = Vector128.Load(x + (2 * i));
            var c = Vector128.Create(cos[i], cos[i], cos[i + 1], cos[i + 1]);
            var s = Vector128.Create(-sin[i], sin[i], -sin[i + 1], sin[i + 1]);
            ((v * c) + (Vector128.Shuffle(v, Vector128.Create(1, 0, 3, 2)) * s)).Store(x + (2 * i));
        }
        for (; i < pairs; i++)
        {
            var (a, b) = (x[2 * i], x[(2 * i) + 1]);
            (x[2 * i], x[(2 * i) + 1]) = ((a * cos[i]) - (b * sin[i]), (b * cos[i]) + (a * sin[i]));
        }
    }
}
