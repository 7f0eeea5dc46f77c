using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>Turns one stored row into fp32.</summary>
internal static unsafe class Avx2DenseRows
{
    private const int Ahead = 2048;

    public static void Expand(TensorType type, byte* row, long rowBytes, int columns, float* y)
    {
        switch (type)
        {
            case TensorType.Q4_0: Blocks<Q4_0Format>(row, columns / 32, y); break;
            case TensorType.Q4_1: Blocks<Q4_1Format>(row, columns / 32, y); break;
            case TensorType.Q5_0: Blocks<Q5_0Format>(row, columns / 32, y); break;
            case TensorType.Q5_1: Blocks<Q5_1Format>(row, columns / 32, y); break;
            case TensorType.Q8_0: Blocks<Q8_0Format>(row, columns / 32, y); break;
            case TensorType.F16: Halves((ushort*)row, columns, y); break;
            case TensorType.BF16: BFloats((ushort*)row, columns, y); break;
            default:
                Dequantizer.ToFloat(type, new ReadOnlySpan<byte>(row, checked((int)rowBytes)), new Span<float>(y, columns));
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks<TFormat>(byte* row, int blocks, float* y) where TFormat : struct, IAvx2Format
    {
        for (var b = 0; b < blocks; b++, row += TFormat.BlockBytes, y += 32)
        {
            Sse.Prefetch0(row + Ahead);
            var head = Vector256.Create(*(int*)row);
            var d = Avx2Lanes.LowHalves(head);
            var m = TFormat.HasMin ? Avx2Lanes.HighHalves(head) : Vector256<float>.Zero;
            var bytes = TFormat.Bytes(row);
            var low = bytes.GetLower();
            var high = bytes.GetUpper();
            Store<TFormat>(low, d, m, y);
            Store<TFormat>(Sse2.ShiftRightLogical128BitLane(low, 8), d, m, y + 8);
            Store<TFormat>(high, d, m, y + 16);
            Store<TFormat>(Sse2.ShiftRightLogical128BitLane(high, 8), d, m, y + 24);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TFormat>(Vector128<sbyte> eight, Vector256<float> d, Vector256<float> m, float* y)
        where TFormat : struct, IAvx2Format
    {
        var numbers = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(eight)) * d;
        (TFormat.HasMin ? numbers + m : numbers).Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves(ushort* row, int columns, float* y)
    {
        var k = 0;
        for (; k + 8 <= columns; k += 8)
        {
            Sse.Prefetch0(row + k + (Ahead / 2));
            Avx2Lanes.LowHalves(Avx2.ConvertToVector256Int32(row + k)).Store(y + k);
        }
        for (; k < columns; k++)
            y[k] = Fp16.ToFloat(row[k]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BFloats(ushort* row, int columns, float* y)
    {
        var k = 0;
        for (; k + 8 <= columns; k += 8)
        {
            Sse.Prefetch0(row + k + (Ahead / 2));
            Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32(row + k), 16).AsSingle().Store(y + k);
        }
        for (; k < columns; k++)
            y[k] = BitConverter.Int32BitsToSingle(row[k] << 16);
    }
}
