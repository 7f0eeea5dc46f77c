namespace Octavo.Engine.Kernels;

/// <summary>The reference of the packed product and of quantizing.</summary>
internal static unsafe class ScalarPacked
{
    public static void MatMul(in PackedRows w, in QuantizedRows x, int tokens, float* y, int ldy, float* scratch)
    {
        var panel = new PackedPanel(scratch, x.Blocks);
        for (var row = 0; row < w.Rows; row += PackedFormat.Rows)
        {
            panel.Unpack(w.Format, w.Slice(row, 1).Data, vectors: false);
            for (var t = 0; t < tokens; t++)
            {
                for (var r = 0; r < PackedFormat.Rows && row + r < w.Rows; r++)
                    y[((long)t * ldy) + row + r] = Dot(panel, w.Format, r, x.Row(t));
            }
        }
    }

    private static float Dot(in PackedPanel panel, PackedFormat format, int row, in QuantizedRows x)
    {
        var acc = 0f;
        for (var b = 0; b < x.Blocks; b++)
        {
            var block = x.Block(b);
            if (format.HasHalves)
            {
                acc += Sum(panel, row, x, b, 0, 4, block.N[0] << format.ZeroShift) * Scale(panel, row, block, b, 0);
                acc += Sum(panel, row, x, b, 4, 8, block.N[QuantizedRows.Tile] << format.ZeroShift) * Scale(panel, row, block, b, 1);
            }
            else
            {
                var zero = format.ZeroShift == 0 ? 0 : block.N[QuantizedRows.Both] << format.ZeroShift;
                acc += Sum(panel, row, x, b, 0, 8, zero) * Scale(panel, row, block, b, 0);
            }
            if (format.HasMin)
                acc += panel.Minima[(b * PackedFormat.Rows) + row] * *block.S;
        }
        return acc;
    }

    private static float Scale(in PackedPanel panel, int row, in QuantizedRows x, int block, int half) =>
        panel.Scales[(((block * 2) + half) * PackedFormat.Rows) + row] * *x.D;

    private static int Sum(in PackedPanel panel, int row, in QuantizedRows x, int block, int from, int to, int zero)
    {
        var sum = 0;
        for (var plane = 0; plane < 2; plane++)
        {
            var q = x.Block(block).Q + (plane * QuantizedRows.PlaneBytes);
            sum *= 256;
            for (var quad = from; quad < to; quad++)
            {
                for (var i = 0; i < 4; i++)
                    sum += panel.Quad(block, quad)[(4 * row) + i] * q[(4 * quad) + i];
            }
        }
        return sum + zero;
    }

    public static void Quantize(float* x, in QuantizedRows to)
    {
        var squares = 0f;
        for (var i = 0; i < to.Columns; i++)
            squares += x[i] * x[i];
        var limit = Rounding.Limit(to.Bits, squares, to.Columns);
        for (var b = 0; b < to.Blocks; b++, x += 32)
            Quantize(x, limit, to.Block(b));
    }

    private static void Quantize(float* x, float limit, in QuantizedRows block)
    {
        var top = 0;
        for (var i = 0; i < 32; i++)
            top = Math.Max(top, BitConverter.SingleToInt32Bits(x[i]) & 0x7FFFFFFF);
        var wide = BitConverter.Int32BitsToSingle(top) > limit;
        var scale = Rounding.Scale(top, wide ? Rounding.Word : Rounding.Byte, out var inverse);
        int first = 0, second = 0;
        for (var i = 0; i < 32; i++)
        {
            var number = inverse == 0 ? 0 : (int)MathF.Round(x[i] * inverse);
            if (!wide)
                number *= 256;
            else if ((number & 0xFF) == 0x80)
                number++;
            block.Q[i] = (sbyte)((number + 128) >> 8);
            block.Q[QuantizedRows.PlaneBytes + i] = (sbyte)number;
            if (i < 16)
                first += number;
            else
                second += number;
        }
        block.N[0] = -first;
        block.N[QuantizedRows.Tile] = -second;
        block.N[QuantizedRows.Both] = -first - second;
        block.N[QuantizedRows.Wide] = wide ? 1 : 0;
        // d and the sums are those of q = 256·high + low
        *block.D = wide ? scale : scale / 256;
        *block.S = *block.D * (first + second);
    }
}
