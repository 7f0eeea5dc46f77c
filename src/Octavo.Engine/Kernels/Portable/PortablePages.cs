using System.Runtime.Intrinsics;

namespace Octavo.Engine.Kernels;

/// <summary>Expands a page to fp32, scales applied.</summary>
internal static unsafe class PortablePages
{
    private const int Positions = PageLayout.Positions;

    /// <summary>Keys [Dh][64]; those of an fp32 page as they are.</summary>
    public static float* Keys(in PageView page, float* panel)
    {
        if (page.Layout.Bits > 0)
            return PackedPages.Keys(page, panel);
        if (page.Layout.Type == KvType.F32)
            return (float*)page.Keys;
        Expand(page.Layout.Type, page.Keys, page.Layout.HeadDim * Positions, panel);
        if (page.Layout.Type == KvType.Q8)
        {
            for (var d = 0; d < page.Layout.HeadDim; d++)
            {
                var scales = page.KeyScales + (d / PageLayout.BlockDims * Positions);
                var k = panel + (d * Positions);
                for (var j = 0; j < Positions; j += 4)
                    (Vector128.Load(k + j) * Vector128.Load(scales + j)).Store(k + j);
            }
        }
        return panel;
    }

    /// <summary>Values [64][stride]; those of an fp32 page as they are.</summary>
    public static float* Values(in PageView page, float* panel)
    {
        if (page.Layout.Bits > 0)
            return PackedPages.Values(page, panel);
        if (page.Layout.Type == KvType.F32)
            return (float*)page.Values;
        var stride = page.Layout.ValueStride;
        Expand(page.Layout.Type, page.Values, stride * Positions, panel);
        if (page.Layout.Type == KvType.Q8)
        {
            for (var j = 0; j < Positions; j++)
            {
                for (var d = 0; d < stride; d += 4)
                {
                    var v = panel + (j * stride) + d;
                    (Vector128.Load(v) * page.ValueScales[(d / PageLayout.BlockDims * Positions) + j]).Store(v);
                }
            }
        }
        return panel;
    }

    private static void Expand(KvType type, byte* numbers, int count, float* y)
    {
        for (var i = 0; i < count; i += 8)
        {
            Vector128<float> low, high;
            if (type == KvType.F16)
            {
                var (first, second) = Vector128.Widen(Vector128.Load((short*)numbers + i));
                low = Single(first);
                high = Single(second);
            }
            else
            {
                var shorts = Vector128.WidenLower(Vector64.Load((sbyte*)numbers + i).ToVector128());
                var (first, second) = Vector128.Widen(shorts);
                low = Vector128.ConvertToSingle(first);
                high = Vector128.ConvertToSingle(second);
            }
            low.Store(y + i);
            high.Store(y + i + 4);
        }
    }

    /// <summary>A finite fp16 number from its sign-extended bits.</summary>
    private static Vector128<float> Single(Vector128<int> bits) =>
        ((bits << 13) & Vector128.Create(unchecked((int)0x8FFFE000))).AsSingle() * Fp16.Bias;
}
