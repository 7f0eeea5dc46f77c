using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;

namespace Octavo.Bench.Kernels;

/// <summary>Products over a matrix that no cache holds, in chunks of 64 rows, as the engine runs them.</summary>
internal static unsafe class ProductBench
{
    private const int ChunkRows = 64;
    private const long MatrixBytes = 48 << 20;

    public static void Run(KernelSet set, int columns, string? only, Report report)
    {
        foreach (var format in PackedFormat.All.Where(format => only is null || only == format.Type.ToString()))
        {
            foreach (var bits in new[] { 8, 16 })
            {
                foreach (var tokens in new[] { 1, 8, 64 })
                    Packed(set, format, columns / format.SuperColumns * format.SuperColumns, tokens, bits, report);
            }
        }
        foreach (var type in only is not null ? [] : new[] { TensorType.Q4_1, TensorType.Q8_0, TensorType.F16, TensorType.BF16, TensorType.F32 })
        {
            foreach (var tokens in new[] { 1, 4, 64 })
                F32(set, type, columns, tokens, report);
        }
    }

    private static void Packed(KernelSet set, PackedFormat format, int columns, int tokens, int bits, Report report)
    {
        var rows = Rows(set, format.Type, columns, tokens);
        var bytes = format.ByteLength(rows, columns);
        var w = new PackedRows(Memory.Take<byte>(bytes), format, rows, columns);
        Packer.Pack(new WeightRows(Matrix(format.Type, columns, rows), format.Type, rows, columns), w, 0, rows / PackedFormat.Rows);
        var values = Memory.Gaussians((long)tokens * columns);
        var x = Memory.Quantized(tokens, columns, bits);
        for (var t = 0; t < tokens; t++)
            set.Quantize(values + ((long)t * columns), x.Row(t));
        var y = Memory.Take<float>((long)tokens * rows);
        var scratch = Memory.Take<float>(set.ScratchFloats(columns));
        var seconds = Timing.Measure(() =>
        {
            for (var row = 0; row < rows; row += ChunkRows)
                set.MatMulPacked(w.Slice(row, Math.Min(ChunkRows, rows - row)), x, tokens, y + row, rows, scratch);
        });
        report.Add(new Result(
            set.Name, Result.Products, Result.Packed, format.Type.ToString(), bits, columns, tokens, bytes, 2.0 * rows * columns * tokens,
            seconds.Median, seconds.Best));
    }

    private static void F32(KernelSet set, TensorType type, int columns, int tokens, Report report)
    {
        var rows = Rows(set, type, columns, tokens);
        var data = Matrix(type, columns, rows);
        var x = Memory.Gaussians((long)tokens * columns);
        var y = Memory.Take<float>((long)tokens * rows);
        var scratch = Memory.Take<float>(set.ScratchFloats(columns));
        var seconds = Timing.Measure(() =>
        {
            for (var row = 0; row < rows; row += ChunkRows)
                set.MatMulF32(new WeightRows(data, type, rows, columns).Slice(row, ChunkRows), x, columns, tokens, y + row, rows, scratch);
        });
        report.Add(new Result(
            set.Name, Result.Products, "f32", type.ToString(), null, columns, tokens, type.ByteLength((long)rows * columns),
            2.0 * rows * columns * tokens, seconds.Median, seconds.Best));
    }

    /// <summary>As many rows as fill the matrix; fewer where the set or the tokens make that slow.</summary>
    private static int Rows(KernelSet set, TensorType type, int columns, int tokens)
    {
        var bytes = set.Name == "scalar" ? MatrixBytes / 64 : tokens > 4 ? MatrixBytes / 8 : MatrixBytes;
        return (int)(bytes / type.ByteLength(columns)) / ChunkRows * ChunkRows;
    }

    private static byte* Matrix(TensorType type, int columns, int rows) => Memory.Weights(type, (long)rows * columns);
}
