using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>y = gate · σ(gate) · up, and its gradients; numbers of a band.</summary>
internal static unsafe class GateKernel
{
    public static void Forward<T>(void* gate, void* up, void* y, long first, long end) where T : struct, INumbers
    {
        var i = first;
        for (; i <= end - 8; i += 8)
        {
            var g = T.Load(gate, i);
            T.Store(y, i, g / (Vector256<float>.One + Vector256.Exp(-g)) * T.Load(up, i));
        }
        for (; i < end; i++)
        {
            var g = T.LoadOne(gate, i);
            T.StoreOne(y, i, g / (1 + MathF.Exp(-g)) * T.LoadOne(up, i));
        }
    }

    public static void Backward<T>(void* gate, void* up, void* dy, void* dGate, void* dUp, long first, long end) where T : struct, INumbers
    {
        var i = first;
        for (; i <= end - 8; i += 8)
        {
            var (g, d) = (T.Load(gate, i), T.Load(dy, i));
            var sigmoid = Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-g));
            T.Store(dUp, i, d * g * sigmoid);
            T.Store(dGate, i, d * T.Load(up, i) * sigmoid * (Vector256<float>.One + (g * (Vector256<float>.One - sigmoid))));
        }
        for (; i < end; i++)
        {
            var (g, d) = (T.LoadOne(gate, i), T.LoadOne(dy, i));
            var sigmoid = 1 / (1 + MathF.Exp(-g));
            T.StoreOne(dUp, i, d * g * sigmoid);
            T.StoreOne(dGate, i, d * T.LoadOne(up, i) * sigmoid * (1 + (g * (1 - sigmoid))));
        }
    }
}
