using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The tile of processors without AVX-VNNI: eight rows by four tokens, half a block at a time, so that four weights stay in registers
/// while pairs of products are added in 16 bits and widened once per half where the type allows it (<see cref="Avx2Dot"/>).
/// </summary>
/// <typeparam name="TPlanes">Planes of the activations.</typeparam>
internal readonly unsafe struct Avx2PairTile<TPlanes> : IAvx2Tile
    where TPlanes : struct, IPlanes
{
    private const int QuadBytes = 4 * Avx2PackedTile.Rows;

    public static int Tokens => 4;

    public static void Multiply<TFormat>(in PanelPart w, sbyte** q, float** d, float** s, int** n, float* acc)
        where TFormat : struct, IAvx2Packed
    {
        for (var group = 0; group < 2; group++)
        {
            var rows = 8 * group;
            Group<TFormat>(w.Quads + (4 * rows), w.Scales + rows, w.Minima + rows, w.Blocks, q, d, s, n, acc + rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Group<TFormat>(
        byte* panel, float* scales, float* minima, int blocks, sbyte** q, float** d, float** s, int** n, float* acc)
            where TFormat : struct, IAvx2Packed
    {
        var (q0, q1, q2, q3) = ((nint)q[0], (nint)q[1], (nint)q[2], (nint)q[3]);
        for (nint b = 0; b < blocks; b++)
        {
            Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
            for (var half = 0; half < 2; half++)
            {
                var w0 = Vector256.Load(panel);
                var w1 = Vector256.Load(panel + QuadBytes);
                var w2 = Vector256.Load(panel + (2 * QuadBytes));
                var w3 = Vector256.Load(panel + (3 * QuadBytes));
                panel += 4 * QuadBytes;
                a0 = Half<TFormat>(a0, w0, w1, w2, w3, q0);
                a1 = Half<TFormat>(a1, w0, w1, w2, w3, q1);
                a2 = Half<TFormat>(a2, w0, w1, w2, w3, q2);
                a3 = Half<TFormat>(a3, w0, w1, w2, w3, q3);
                q0 += 16;
                q1 += 16;
                q2 += 16;
                q3 += 16;
                if (TFormat.HasHalves && half == 0)
                {
                    Add<TFormat>(a0, scales, d[0][b], n[0][4 * b], minima, 0, acc);
                    Add<TFormat>(a1, scales, d[1][b], n[1][4 * b], minima, 0, acc + Avx2PackedTile.Rows);
                    Add<TFormat>(a2, scales, d[2][b], n[2][4 * b], minima, 0, acc + (2 * Avx2PackedTile.Rows));
                    Add<TFormat>(a3, scales, d[3][b], n[3][4 * b], minima, 0, acc + (3 * Avx2PackedTile.Rows));
                    a0 = a1 = a2 = a3 = default;
                }
            }
            q0 += 32 * (TPlanes.Count - 1);
            q1 += 32 * (TPlanes.Count - 1);
            q2 += 32 * (TPlanes.Count - 1);
            q3 += 32 * (TPlanes.Count - 1);
            var from = TFormat.HasHalves ? scales + Avx2PackedTile.Rows : scales;
            var zero = TFormat.HasHalves ? (4 * b) + 1 : (4 * b) + 2;
            Add<TFormat>(a0, from, d[0][b], n[0][zero], minima, s[0][b], acc);
            Add<TFormat>(a1, from, d[1][b], n[1][zero], minima, s[1][b], acc + Avx2PackedTile.Rows);
            Add<TFormat>(a2, from, d[2][b], n[2][zero], minima, s[2][b], acc + (2 * Avx2PackedTile.Rows));
            Add<TFormat>(a3, from, d[3][b], n[3][zero], minima, s[3][b], acc + (3 * Avx2PackedTile.Rows));
            scales += 2 * Avx2PackedTile.Rows;
            minima += Avx2PackedTile.Rows;
        }
    }

    /// <summary>sum + the products of half a block of one token, both planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Half<TFormat>(
        Vector256<int> sum, Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, nint q)
            where TFormat : struct, IAvx2Packed
    {
        var first = Products<TFormat>(w0, w1, w2, w3, q);
        if (TPlanes.Count == 2)
            first = Avx2.Add(Avx2.ShiftLeftLogical(first, 8), Products<TFormat>(w0, w1, w2, w3, q + 32));
        return Avx2.Add(sum, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products<TFormat>(Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, nint q)
        where TFormat : struct, IAvx2Packed
    {
        var sixteen = Avx2.BroadcastVector128ToVector256((int*)q);
        var sum = Avx2Dot.Step(TFormat.Bits, default, w0, Avx2.Shuffle(sixteen, 0x00).AsSByte());
        sum = Avx2Dot.Step(TFormat.Bits, sum, w1, Avx2.Shuffle(sixteen, 0x55).AsSByte());
        sum = Avx2Dot.Step(TFormat.Bits, sum, w2, Avx2.Shuffle(sixteen, 0xAA).AsSByte());
        sum = Avx2Dot.Step(TFormat.Bits, sum, w3, Avx2.Shuffle(sixteen, 0xFF).AsSByte());
        return Avx2Dot.Finish(TFormat.Bits, sum);
    }

    /// <summary>One token's sums of eight rows, scaled and added; the minimum only where a block ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TFormat>(Vector256<int> sum, float* scales, float scale, int n, float* minima, float s, float* acc)
        where TFormat : struct, IAvx2Packed
    {
        if (TFormat.ZeroShift != 0 && !Avx2Dot.IsSigned(TFormat.Bits))
            sum = Avx2.Add(sum, Vector256.Create(n << TFormat.ZeroShift));
        var total = Fma.MultiplyAdd(
            Avx.ConvertToVector256Single(sum), Vector256.Load(scales) * Vector256.Create(scale), Vector256.Load(acc));
        if (TFormat.HasMin)
            total = Fma.MultiplyAdd(Vector256.Load(minima), Vector256.Create(s), total);
        total.Store(acc);
    }
}
