using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>y = x · r · w with r = 1/√(mean(x²) + ε), and its gradient; x and w are fp32.</summary>
internal static unsafe class RmsNormKernel
{
    public static void Forward<T>(float* x, float* w, void* y, float* r, long first, long end, int width, float epsilon) where T : struct, INumbers
    {
        for (var row = first; row < end; row++)
        {
            var to = row * width;
            var from = x + to;
            var sum = Vector256<float>.Zero;
            var i = 0;
            for (; i <= width - 8; i += 8)
            {
                var a = Vector256.Load(from + i);
                sum += a * a;
            }
            var squares = Vector256.Sum(sum);
            for (; i < width; i++)
                squares += from[i] * from[i];
            r[row] = 1 / MathF.Sqrt((squares / width) + epsilon);
            var factor = Vector256.Create(r[row]);
            for (i = 0; i <= width - 8; i += 8)
                T.Store(y, to + i, Vector256.Load(from + i) * factor * Vector256.Load(w + i));
            for (; i < width; i++)
                T.StoreOne(y, to + i, from[i] * r[row] * w[i]);
        }
    }

    /// <summary>From y's gradient g: dx is written, the weight's gradient of these rows is added to dw where there is one.</summary>
    public static void Backward<T>(float* x, float* w, float* r, void* g, float* dx, float* dw, long first, long end, int width) where T : struct, INumbers
    {
        for (var row = first; row < end; row++)
        {
            var at = row * width;
            var from = x + at;
            var sum = Vector256<float>.Zero;
            var i = 0;
            for (; i <= width - 8; i += 8)
                sum += T.Load(g, at + i) * Vector256.Load(w + i) * Vector256.Load(from + i);
            var dot = Vector256.Sum(sum);
            for (; i < width; i++)
                dot += T.LoadOne(g, at + i) * w[i] * from[i];
            // dx = r · (g·w − x · r² · mean(g·w·x))
            var pull = r[row] * r[row] * dot / width;
            var (factor, pulls) = (Vector256.Create(r[row]), Vector256.Create(pull));
            for (i = 0; i <= width - 8; i += 8)
            {
                var (a, b) = (Vector256.Load(from + i), T.Load(g, at + i));
                (((b * Vector256.Load(w + i)) - (a * pulls)) * factor).Store(dx + at + i);
                if (dw != null)
                    (Vector256.Load(dw + i) + (b * a * factor)).Store(dw + i);
            }
            for (; i < width; i++)
            {
                var b = T.LoadOne(g, at + i);
                dx[at + i] = ((b * w[i]) - (from[i] * pull)) * r[row];
                if (dw != null)
                    dw[i] += b * from[i] * r[row];
            }
        }
    }
}
