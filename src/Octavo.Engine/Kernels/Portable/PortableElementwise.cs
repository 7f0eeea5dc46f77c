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

    public static void LayerNorm(float* x, float* w, float* b, float epsilon, int n, float* y)
    {
        var mean = Sum(x, n, 0, false) / n;
        var scale = 1 / MathF.Sqrt((Sum(x, n, mean, true) / n) + epsilon);
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            var centred = (Vector128.Load(x + i) - Vector128.Create(mean)) * scale;
            (centred * Vector128.Load(w + i) + Vector128.Load(b + i)).Store(y + i);
        }
        for (; i < n; i++)
            y[i] = ((x[i] - mean) * scale * w[i]) + b[i];
    }

    /// <summary>Σ (x − minus), or Σ (x − minus)².</summary>
    private static float Sum(float* x, int n, float minus, bool squared)
    {
        var (even, odd) = (Vector128<float>.Zero, Vector128<float>.Zero);
        var i = 0;
        for (; i + 8 <= n; i += 8)
        {
            var (a, b) = (Vector128.Load(x + i) - Vector128.Create(minus), Vector128.Load(x + i + 4) - Vector128.Create(minus));
            even += squared ? a * a : a;
            odd += squared ? b * b : b;
        }
        var rest = 0f;
        for (; i < n; i++)
            rest += squared ? (x[i] - minus) * (x[i] - minus) : x[i] - minus;
        return PortableLanes.Sum(even + odd) + rest;
    }

    public static void Activate(Activation act, float* x, int n)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
            Activated(act, Vector128.Load(x + i)).Store(x + i);
        for (; i < n; i++)
            x[i] = Activated(act, Vector128.Create(x[i])).ToScalar();
    }

    private static Vector128<float> Activated(Activation act, Vector128<float> x) => act switch
    {
        Activation.Silu => Gated<SiluGate>(x),
        Activation.GeluTanh => Gated<GeluTanhGate>(x),
        _ => Gelu(x),
    };

    /// <summary>x Φ(x), the error function to 1.5·10⁻⁷ (Abramowitz and Stegun 7.1.26).</summary>
    public static Vector128<float> Gelu(Vector128<float> x)
    {
        var z = Vector128.Abs(x) * 0.7071067811865476f;
        var t = Vector128<float>.One / (Vector128<float>.One + (z * 0.3275911f));
        var p = Vector128.Create(1.061405429f);
        p = (p * t) + Vector128.Create(-1.453152027f);
        p = (p * t) + Vector128.Create(1.421413741f);
        p = (p * t) + Vector128.Create(-0.284496736f);
        p = (p * t) + Vector128.Create(0.254829592f);
        // 1 − erf z
        var rest = p * t * PortableLanes.Exp(-(z * z));
        var below = x * rest * 0.5f;
        return Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), below, x - below);
    }

    public static void GateMul<TGate>(float* gate, float* up, int n, float* y) where TGate : struct, IGate
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
            (Gated<TGate>(Vector128.Load(gate + i)) * Vector128.Load(up + i)).Store(y + i);
        for (; i < n; i++)
            y[i] = Gated<TGate>(Vector128.Create(gate[i])).ToScalar() * up[i];
    }

    private static Vector128<float> Gated<TGate>(Vector128<float> x) where TGate : struct, IGate =>
        x / (Vector128<float>.One + PortableLanes.Exp(-TGate.Of(x)));

    public static void Cap(float* x, float cap, int n)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
            Capped(Vector128.Load(x + i), cap).Store(x + i);
        for (; i < n; i++)
            x[i] = Capped(Vector128.Create(x[i]), cap).ToScalar();
    }

    // tanh z = 1 − 2 / (e^2z + 1)
    private static Vector128<float> Capped(Vector128<float> x, float cap) =>
        Vector128.Create(cap) - (Vector128.Create(2 * cap) / (PortableLanes.Exp(x * (2 / cap)) + Vector128<float>.One));

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
