using System.Runtime.Intrinsics;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>
/// Both products, four rows at a time. fp32: lane j of an output's vector sums columns j, j + 4, … in order, then the lanes are
/// summed by <see cref="PortableLanes.Sum"/>. 16 bits: rows are lanes; acc = S_b·(d_w·d_x) + acc and min = m_w·s_x + min over
/// blocks in order, S_b exact; y = acc + min.
/// </summary>
internal static unsafe class PortableMatMul
{
    private const int Rows = 4;

    /// <summary>Four fp32 rows, or four rows of shorts with their scales and minima.</summary>
    public static int ScratchFloats(int columns) => Rows * columns;

    public static void F32(in WeightRows w, float* x, int ldx, int tokens, float* y, int ldy, float* scratch)
    {
        var rows = stackalloc float*[Rows];
        for (var row = 0; row < w.Rows; row += Rows)
        {
            var count = Math.Min(Rows, w.Rows - row);
            for (var r = 0; r < Rows; r++)
            {
                // rows beyond the last repeat it; their outputs are not stored
                var data = w.Data + ((row + Math.Min(r, count - 1)) * w.RowBytes);
                rows[r] = w.Type == TensorType.F32 ? (float*)data : scratch + ((long)Math.Min(r, count - 1) * w.Columns);
                if (w.Type != TensorType.F32 && r < count)
                    PortableRows.Expand(w.Type, data, w.RowBytes, w.Columns, rows[r]);
            }
            for (long t = 0; t < tokens; t++)
            {
                var sums = Dots(rows, w.Columns, x + (t * ldx));
                Store(sums, count, y + (t * ldy) + row);
            }
        }
    }

    private static Vector128<float> Dots(float** rows, int columns, float* x)
    {
        var (w0, w1, w2, w3) = ((nint)rows[0], (nint)rows[1], (nint)rows[2], (nint)rows[3]);
        var a0 = Vector128<float>.Zero;
        var a1 = Vector128<float>.Zero;
        var a2 = Vector128<float>.Zero;
        var a3 = Vector128<float>.Zero;
        nint k = 0;
        for (; k + 4 <= columns; k += 4)
        {
            var v = Vector128.Load(x + k);
            a0 = Vector128.MultiplyAddEstimate(Vector128.Load((float*)w0 + k), v, a0);
            a1 = Vector128.MultiplyAddEstimate(Vector128.Load((float*)w1 + k), v, a1);
            a2 = Vector128.MultiplyAddEstimate(Vector128.Load((float*)w2 + k), v, a2);
            a3 = Vector128.MultiplyAddEstimate(Vector128.Load((float*)w3 + k), v, a3);
        }
        if (k < columns)
        {
            var rest = (int)(columns - k);
            var v = PortableLanes.Load(x + k, rest);
            a0 = Vector128.MultiplyAddEstimate(PortableLanes.Load((float*)w0 + k, rest), v, a0);
            a1 = Vector128.MultiplyAddEstimate(PortableLanes.Load((float*)w1 + k, rest), v, a1);
            a2 = Vector128.MultiplyAddEstimate(PortableLanes.Load((float*)w2 + k, rest), v, a2);
            a3 = Vector128.MultiplyAddEstimate(PortableLanes.Load((float*)w3 + k, rest), v, a3);
        }
        return Vector128.Create(PortableLanes.Sum(a0), PortableLanes.Sum(a1), PortableLanes.Sum(a2), PortableLanes.Sum(a3));
    }

    public static void I16(in WeightRows w, in ActivationsI16 x, int tokens, float* y, int ldy, float* scratch)
    {
        var blocks = w.Columns / 32;
        var numbers = (short*)scratch;
        var scales = scratch + (Rows * w.Columns / 2);
        var minima = scales + (Rows * blocks);
        for (var row = 0; row < w.Rows; row += Rows)
        {
            var count = Math.Min(Rows, w.Rows - row);
            for (var r = 0; r < Rows; r++)
                Unpack(w, row + Math.Min(r, count - 1), blocks, numbers + ((long)r * w.Columns), scales + r, minima + r);
            for (long t = 0; t < tokens; t++)
            {
                var sums = Dots(numbers, scales, minima, blocks, x.Q + (t * x.Columns), x.D + (t * blocks), x.S + (t * blocks));
                Store(sums, count, y + (t * ldy) + row);
            }
        }
    }

    /// <summary>One row's shorts; its scales and minima go to every fourth place.</summary>
    private static void Unpack(in WeightRows w, int row, int blocks, short* numbers, float* scales, float* minima)
    {
        var block = w.Data + (row * w.RowBytes);
        var blockBytes = w.Type.BlockBytes();
        for (var b = 0; b < blocks; b++, block += blockBytes)
            PortableRows.Unpack(w.Type, block, numbers + (b * 32), out scales[b * Rows], out minima[b * Rows]);
    }

    private static Vector128<float> Dots(short* numbers, float* scales, float* minima, int blocks, short* q, float* d, float* s)
    {
        nint columns = blocks * 32;
        var acc = Vector128<float>.Zero;
        var min = Vector128<float>.Zero;
        for (nint b = 0; b < blocks; b++, numbers += 32, q += 32)
        {
            Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default;
            for (nint i = 0; i < 32; i += 8)
            {
                var v = Vector128.Load(q + i);
                a0 = PortableLanes.Dot(a0, Vector128.Load(numbers + i), v);
                a1 = PortableLanes.Dot(a1, Vector128.Load(numbers + columns + i), v);
                a2 = PortableLanes.Dot(a2, Vector128.Load(numbers + (2 * columns) + i), v);
                a3 = PortableLanes.Dot(a3, Vector128.Load(numbers + (3 * columns) + i), v);
            }
            var sums = Vector128.Create(Vector128.Sum(a0), Vector128.Sum(a1), Vector128.Sum(a2), Vector128.Sum(a3));
            acc = Vector128.MultiplyAddEstimate(Vector128.ConvertToSingle(sums), Vector128.Load(scales + (b * Rows)) * d[b], acc);
            min = Vector128.MultiplyAddEstimate(Vector128.Load(minima + (b * Rows)), Vector128.Create(s[b]), min);
        }
        return acc + min;
    }

    private static void Store(Vector128<float> outputs, int count, float* y)
    {
        if (count == Rows)
        {
            outputs.Store(y);
            return;
        }
        for (var r = 0; r < count; r++)
            y[r] = outputs.GetElement(r);
    }
}
