using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Benchmarks;

/// <summary>Products of bytes on processors that multiply and add them in one instruction (AVX-VNNI; .NET 10 has it for 256 bits).</summary>
internal static unsafe class VnniDot
{
    private const int Chains = 10;

    /// <summary>Operations of one round.</summary>
    public const double Operations = 2.0 * Chains * 32;

    public static bool IsSupported => AvxVnni.IsSupported;

    /// <param name="data">Small numbers, at least 512 of them.</param>
    /// <param name="rounds">How often.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Run(byte* data, int rounds)
    {
        var w = Vector256.Load(data);
        var zero = Vector256<int>.Zero;
        var (a, b, c, d, e) = (zero, zero, zero, zero, zero);
        var (f, g, h, i, j) = (zero, zero, zero, zero, zero);
        for (var round = 0; round < rounds; round++)
        {
            var x = Vector256.Load((sbyte*)data + ((round & 15) * 32));
            a = AvxVnni.MultiplyWideningAndAdd(a, w, x);
            b = AvxVnni.MultiplyWideningAndAdd(b, w, x);
            c = AvxVnni.MultiplyWideningAndAdd(c, w, x);
            d = AvxVnni.MultiplyWideningAndAdd(d, w, x);
            e = AvxVnni.MultiplyWideningAndAdd(e, w, x);
            f = AvxVnni.MultiplyWideningAndAdd(f, w, x);
            g = AvxVnni.MultiplyWideningAndAdd(g, w, x);
            h = AvxVnni.MultiplyWideningAndAdd(h, w, x);
            i = AvxVnni.MultiplyWideningAndAdd(i, w, x);
            j = AvxVnni.MultiplyWideningAndAdd(j, w, x);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }
}
