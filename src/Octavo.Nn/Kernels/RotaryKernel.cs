using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>Turns the pairs i, i + Dims/2 of each head of a row; back where the sine's sign is −1. Numbers beyond Dims are copied.</summary>
internal static unsafe class RotaryKernel
{
    public static void Halves<T>(
        void* x, void* y, float* cos, float* sin, float sign, long first, long end, int heads, int width, int pairs) where T : struct, INumbers
    {
        for (var row = first; row < end; row++)
        {
            var c = cos + (row * pairs);
            var s = sin + (row * pairs);
            for (var head = 0; head < heads; head++)
            {
                var at = ((row * heads) + head) * width;
                var i = 0;
                for (; i <= pairs - 8; i += 8)
                {
                    var (a, b) = (T.Load(x, at + i), T.Load(x, at + pairs + i));
                    var (ci, si) = (Vector256.Load(c + i), Vector256.Load(s + i) * sign);
                    T.Store(y, at + i, (a * ci) - (b * si));
                    T.Store(y, at + pairs + i, (b * ci) + (a * si));
                }
                for (; i < pairs; i++)
                {
                    var (a, b) = (T.LoadOne(x, at + i), T.LoadOne(x, at + pairs + i));
                    T.StoreOne(y, at + i, (a * c[i]) - (b * s[i] * sign));
                    T.StoreOne(y, at + pairs + i, (b * c[i]) + (a * s[i] * sign));
                }
                for (i = 2 * pairs; i < width; i++)
                    T.StoreOne(y, at + i, T.LoadOne(x, at + i));
            }
        }
    }
}
