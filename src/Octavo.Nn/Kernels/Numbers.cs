using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Octavo.Nn.Kernels;

/// <summary>How numbers lie in memory; eight of them are computed with at once, in fp32.</summary>
internal unsafe interface INumbers
{
    static abstract Vector256<float> Load(void* data, long at);
    static abstract void Store(void* data, long at, Vector256<float> value);
    static abstract float LoadOne(void* data, long at);
    static abstract void StoreOne(void* data, long at, float value);
}

/// <summary>fp32.</summary>
internal readonly unsafe struct Fp32 : INumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(void* data, long at) => Vector256.Load((float*)data + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* data, long at, Vector256<float> value) => value.Store((float*)data + at);

    public static float LoadOne(void* data, long at) => ((float*)data)[at];

    public static void StoreOne(void* data, long at, float value) => ((float*)data)[at] = value;
}

/// <summary>bf16: the upper half of fp32; rounded to nearest, ties to even.</summary>
internal readonly unsafe struct Bf16 : INumbers
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(void* data, long at)
    {
        var (low, high) = Vector128.Widen(Vector128.Load((ushort*)data + at));
        return (Vector256.Create(low, high) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* data, long at, Vector256<float> value)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
        // rounding would carry some of what is no number over to zero or infinity
        rounded = Vector256.ConditionalSelect(Vector256.Equals(value, value).AsUInt32(), rounded, Vector256.Create(0x7FC0u));
        Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)data + at);
    }

    public static float LoadOne(void* data, long at) => BitConverter.UInt32BitsToSingle((uint)((ushort*)data)[at] << 16);

    public static void StoreOne(void* data, long at, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)data)[at] = float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
