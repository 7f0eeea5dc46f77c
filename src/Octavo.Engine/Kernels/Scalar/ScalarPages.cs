namespace Octavo.Engine.Kernels;

/// <summary>Stored keys and values, one number at a time.</summary>
internal static unsafe class ScalarPages
{
    /// <summary>The smallest magnitude that rounds beyond the largest fp16 number, 65520, as bits.</summary>
    public const int TooLarge = 0x477FF000;

    /// <summary>Key number d of a slot.</summary>
    public static float Key(in PageView page, int slot, int d)
    {
        if (page.Layout.Bits > 0)
            return PackedPages.Key(page, slot, d);
        var at = (d * PageLayout.Positions) + slot;
        return page.Layout.Type == KvType.Q8
            ? ((sbyte*)page.Keys)[at] * page.KeyScales[(d / PageLayout.BlockDims * PageLayout.Positions) + slot]
            : Float(page.Layout.Type, page.Keys, at);
    }

    /// <summary>Value number d of a slot.</summary>
    public static float Value(in PageView page, int slot, int d)
    {
        if (page.Layout.Bits > 0)
            return PackedPages.Value(page, slot, d);
        var at = (slot * page.Layout.ValueStride) + d;
        return page.Layout.Type == KvType.Q8
            ? ((sbyte*)page.Values)[at] * page.ValueScales[(d / PageLayout.BlockDims * PageLayout.Positions) + slot]
            : Float(page.Layout.Type, page.Values, at);
    }

    public static bool Store(in PageView page, int slot, float* k, float* v)
    {
        var layout = page.Layout;
        var values = page.Values + ((long)slot * layout.ValueStride * layout.ElementBytes);
        switch (layout.Type)
        {
            case KvType.F32:
                for (var d = 0; d < layout.HeadDim; d++)
                    ((float*)page.Keys)[(d * PageLayout.Positions) + slot] = k[d];
                new ReadOnlySpan<float>(v, layout.HeadDim).CopyTo(new Span<float>(values, layout.HeadDim));
                return true;
            case KvType.F16:
                var fits = true;
                for (var d = 0; d < layout.HeadDim; d++)
                {
                    fits &= Halve(k[d], out ((ushort*)page.Keys)[(d * PageLayout.Positions) + slot]);
                    fits &= Halve(v[d], out ((ushort*)values)[d]);
                }
                return fits;
            default:
                StoreQ8(k, layout.HeadDim, (sbyte*)page.Keys + slot, PageLayout.Positions, page.KeyScales + slot);
                StoreQ8(v, layout.HeadDim, (sbyte*)values, 1, page.ValueScales + slot);
                return true;
        }
    }

    /// <summary>fp16 bits, half to even, results below 2⁻¹⁴ as 0.</summary>
    /// <returns>Whether the number fits.</returns>
    public static bool Halve(float number, out ushort half)
    {
        var bits = BitConverter.SingleToInt32Bits(number);
        var magnitude = bits & 0x7FFFFFFF;
        // the last bit that stays decides ties; exponents differ by 112
        var rounded = ((magnitude + 0xFFF + ((magnitude >> 13) & 1)) >> 13) - (112 << 10);
        half = (ushort)((rounded < 0x400 ? 0 : rounded) | ((bits >> 16) & 0x8000));
        return magnitude < TooLarge;
    }

    private static void StoreQ8(float* x, int count, sbyte* q, int step, float* scales)
    {
        for (var first = 0; first < count; first += PageLayout.BlockDims, scales += PageLayout.Positions)
        {
            var last = Math.Min(count, first + PageLayout.BlockDims);
            var top = 0;
            for (var i = first; i < last; i++)
                top = Math.Max(top, BitConverter.SingleToInt32Bits(x[i]) & 0x7FFFFFFF);
            *scales = Rounding.Scale(top, 127, out var inverse);
            for (var i = first; i < last; i++)
                q[i * step] = inverse == 0 ? (sbyte)0 : (sbyte)MathF.Round(x[i] * inverse);
        }
    }

    private static float Float(KvType type, byte* numbers, int at) =>
        type == KvType.F32 ? ((float*)numbers)[at] : Fp16.ToFloat(((ushort*)numbers)[at]);
}
