using System.Diagnostics;
using System.Runtime.InteropServices;
using Octavo.Core;
using Octavo.Core.Tensors;
using Octavo.Engine.Kernels;

unsafe
{
    var rng = new SeededRandom(1);
    foreach (var columns in new[] { 576, 1536 })
    foreach (var type in new[] { TensorType.Q4_1, TensorType.Q4_0, TensorType.Q8_0 })
    {
        var rows = 64;
        var total = (int)(32_000_000 / type.ByteLength(columns)) / rows * rows;
        var bytes = type.ByteLength((long)total * columns);
        var data = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
        for (long i = 0; i < bytes; i++) data[i] = (byte)rng.NextUInt64();
        var bb = type.BlockBytes();
        for (long i = 0; i < bytes; i += bb) { *(Half*)(data + i) = (Half)0.01; if (type == TensorType.Q4_1) *(Half*)(data + i + 2) = (Half)(-0.08); }
        var T = 64;
        var q = (short*)NativeMemory.AlignedAlloc((nuint)(T * columns * 2), 64);
        for (var i = 0; i < T * columns; i++) q[i] = (short)(rng.Next(65535) - 32767);
        var d = (float*)NativeMemory.AlignedAlloc((nuint)(T * columns / 32 * 4), 64);
        var s = (float*)NativeMemory.AlignedAlloc((nuint)(T * columns / 32 * 4), 64);
        for (var i = 0; i < T * columns / 32; i++) { d[i] = 1e-4f; var sum = 0; for (var j = 0; j < 32; j++) sum += q[(i * 32) + j]; s[i] = sum * d[i]; }
        var x = new ActivationsI16(q, d, s, columns);
        var y = (float*)NativeMemory.AlignedAlloc((nuint)((long)total * T * 4), 64);
        var scratch = (float*)NativeMemory.AlignedAlloc(1 << 20, 64);
        foreach (var tokens in new[] { 1, 4, 8, 16, 64 })
        {
            var use = tokens == 64 ? total / 8 / rows * rows : total;
            var best = double.MaxValue;
            for (var rep = 0; rep < 15; rep++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var r = 0; r < use; r += rows)
                {
                    var w = new WeightRows(data + r * type.ByteLength(columns), type, rows, columns);
                    if (tokens == 1)
                    {
                        if (type == TensorType.Q4_1) MatMulI16Row.Run<Q4_1Format>(w, q, d, s, (int*)scratch, y + r);
                        else if (type == TensorType.Q4_0) MatMulI16Row.Run<Q4_0Format>(w, q, d, s, (int*)scratch, y + r);
                        else MatMulI16Row.Run<Q8_0Format>(w, q, d, s, (int*)scratch, y + r);
                    }
                    else if (type == TensorType.Q4_1) MatMulI16Tile.Run<Q4_1Format>(w, x, tokens, y + r, total, scratch);
                    else if (type == TensorType.Q4_0) MatMulI16Tile.Run<Q4_0Format>(w, x, tokens, y + r, total, scratch);
                    else MatMulI16Tile.Run<Q8_0Format>(w, x, tokens, y + r, total, scratch);
                }
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            Console.WriteLine($"{columns,5} {type} tokens {tokens,2}: {use * (double)type.ByteLength(columns) / best / 1e9,6:f1} GB/s {2.0 * use * columns * tokens / best / 1e9,7:f1} GOP/s");
            // bit check
            if (tokens > 1)
            {
                var one = (float*)NativeMemory.AlignedAlloc((nuint)rows * 4, 64);
                for (var t = 0; t < tokens; t++)
                {
                    var w = new WeightRows(data, type, rows, columns);
                    if (type == TensorType.Q4_1) MatMulI16Row.Run<Q4_1Format>(w, q + t * columns, d + t * columns / 32, s + t * columns / 32, (int*)scratch, one);
                    else if (type == TensorType.Q4_0) MatMulI16Row.Run<Q4_0Format>(w, q + t * columns, d + t * columns / 32, s + t * columns / 32, (int*)scratch, one);
                    else MatMulI16Row.Run<Q8_0Format>(w, q + t * columns, d + t * columns / 32, s + t * columns / 32, (int*)scratch, one);
                    for (var r = 0; r < rows; r++) if (one[r] != y[(long)t * total + r]) { Console.WriteLine($"DIFF t{t} r{r} {one[r]} {y[(long)t * total + r]}"); t = 99; break; }
                }
                NativeMemory.AlignedFree(one);
            }
        }
    }
}
