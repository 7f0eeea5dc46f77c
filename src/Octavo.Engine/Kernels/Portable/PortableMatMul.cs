using System.Runtime.Intrinsics;
using Octavo.Core.Tensors;

namespace Octavo.Engine.Kernels;

/// <summary>
/// The fp32 product, four rows at a time: lane j of an output's vector sums columns j, j + 4, … in order, then the lanes are
/// summed by <see cref="PortableLanes.Sum"/>.
/// </summary>
internal static unsafe class PortableMatMul
{
    private const int Rows = 4;

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
                PortableLanes.Store(sums, y + (t * ldy) + row, count);
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
}
