using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>What a low-rank adapter adds, on four lanes.</summary>
internal static unsafe class PortableLowRank
{
    /// <inheritdoc cref="KernelSet.AddLowRank"/>
    public static void Run(float* u, int rank, float* b, int ldb, float* gain, float* y, int n)
    {
        var i = 0;
        for (; i + 4 <= n; i += 4)
        {
            var sum = Vector128<float>.Zero;
            for (var j = 0; j < rank; j++)
                sum += Vector128.Create(u[j]) * Vector128.Load(b + ((long)j * ldb) + i);
            var all = Vector128.Load(y + i) + sum;
            (gain == null ? all : all * Vector128.Load(gain + i)).Store(y + i);
        }
        for (; i < n; i++)
            One(u, rank, b + i, ldb, gain == null ? null : gain + i, y + i);
    }

    /// <summary>One output.</summary>
    public static void One(float* u, int rank, float* b, int ldb, float* gain, float* y)
    {
        var sum = 0f;
        for (var j = 0; j < rank; j++)
            sum += u[j] * b[(long)j * ldb];
        *y = gain == null ? *y + sum : (*y + sum) * *gain;
    }
}
