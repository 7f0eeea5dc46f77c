using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Products of unsigned weight bytes and signed activation bytes, four columns of eight rows at a time, with exact sums.
/// With AVX-VNNI sums are 32-bit at once. Without it, pairs are multiplied and added in 16 bits, which saturate: at most
/// 2·127·(2^bits − 1) each, so 8 results of 4 bits or 4 of 5 bits may be added before widening; 6 and 8 bits are widened at
/// once, and 8 bits take signed weights, for 255·127·2 is too much.
/// </summary>
internal static unsafe class Avx2Dot
{
    /// <summary>Whether sums of a half stay in 16 bits until <see cref="Finish"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNarrow(int bits) => !AvxVnni.IsSupported && bits <= 5;

    /// <summary>Whether the zero point is subtracted from the weights instead of the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSigned(int bits) => !AvxVnni.IsSupported && bits == 8;

    /// <summary>Four columns of one token, for all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Broadcast(nint q) => Vector256.Create(*(int*)q).AsSByte();

    /// <summary>sum + w·q. At most four steps before <see cref="Finish"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Step(int bits, Vector256<int> sum, Vector256<byte> w, Vector256<sbyte> q)
    {
        if (AvxVnni.IsSupported)
            return AvxVnni.MultiplyWideningAndAdd(sum, w, q);
        if (bits <= 5)
            return Avx2.Add(sum.AsInt16(), Avx2.MultiplyAddAdjacent(w, q)).AsInt32();
        if (bits == 8)
        {
            var signed = (w ^ Vector256.Create((byte)0x80)).AsSByte();
            return Avx2.Add(sum, Widen(Avx2.MultiplyAddAdjacent(Avx2.Abs(signed), Avx2.Sign(q, signed))));
        }
        return Avx2.Add(sum, Widen(Avx2.MultiplyAddAdjacent(w, q)));
    }

    /// <summary>The 32-bit sums of up to four steps that began with zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Finish(int bits, Vector256<int> sum) => IsNarrow(bits) ? Widen(sum.AsInt16()) : sum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector256<short> pairs) => Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1));
}
