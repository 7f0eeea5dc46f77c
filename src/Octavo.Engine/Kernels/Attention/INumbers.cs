using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>How numbers of a page are read into vectors.</summary>
internal unsafe interface INumbers
{
    /// <summary>Bytes of a number.</summary>
    static abstract nint Bytes { get; }

    /// <summary>Whether scales are to be applied outside.</summary>
    static abstract bool HasScales { get; }

    /// <summary>Whether they lie in a page, so that the next one is worth fetching, and not in scratch.</summary>
    static abstract bool InPage { get; }

    static abstract Vector256<float> Load8(byte* p);

    static abstract Vector512<float> Load16(byte* p);
}

/// <summary>fp32 in a page.</summary>
internal readonly unsafe struct PageSingles : INumbers
{
    public static nint Bytes => 4;
    public static bool HasScales => false;
    public static bool InPage => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(byte* p) => Vector256.Load((float*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(byte* p) => Vector512.Load((float*)p);
}

/// <summary>fp16 in a page, read as the number times 2⁻¹¹²: three integer operations, since .NET 10 has no instruction for it.</summary>
internal readonly unsafe struct PageHalves : INumbers
{
    private const int Kept = unchecked((int)0x8FFFE000);

    public static nint Bytes => 2;
    public static bool HasScales => false;
    public static bool InPage => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(byte* p) =>
        Avx2.And(Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32((short*)p), 13), Vector256.Create(Kept)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(byte* p) =>
        Avx512F.And(
            Avx512F.ShiftLeftLogical(Avx512F.ConvertToVector512Int32(Vector256.Load((short*)p)), 13), Vector512.Create(Kept)).AsSingle();
}

/// <summary>8-bit numbers in a page, without their scales.</summary>
internal readonly unsafe struct PageBytes : INumbers
{
    public static nint Bytes => 1;
    public static bool HasScales => true;
    public static bool InPage => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(byte* p) => Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32((sbyte*)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(byte* p) =>
        Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)p)));
}

/// <summary>Numbers that were expanded to fp32.</summary>
internal readonly unsafe struct Expanded : INumbers
{
    public static nint Bytes => 4;
    public static bool HasScales => false;
    public static bool InPage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(byte* p) => Vector256.Load((float*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(byte* p) => Vector512.Load((float*)p);
}

/// <summary>Numbers that were expanded to fp32 and have scales.</summary>
internal readonly unsafe struct ExpandedBytes : INumbers
{
    public static nint Bytes => 4;
    public static bool HasScales => true;
    public static bool InPage => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load8(byte* p) => Vector256.Load((float*)p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(byte* p) => Vector512.Load((float*)p);
}

/// <summary>How many queries a pass takes; the JIT drops the branches of the others.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount
{
    public static int Value => 1;
}

internal readonly struct Two : ICount
{
    public static int Value => 2;
}

internal readonly struct Three : ICount
{
    public static int Value => 3;
}

internal readonly struct Four : ICount
{
    public static int Value => 4;
}
