using Octavo.Engine.Kernels;
using Octavo.Engine.Running;

namespace Octavo.Engine.Cache;

/// <summary>One head of one layer as a sequence stores it, whatever the table.</summary>
internal readonly struct StoredHead(KvCache cache, int layer, int head)
{
    /// <summary>Tokens that it stores.</summary>
    public int Count => Positions.Count;

    /// <summary>Their positions, ascending.</summary>
    public SlotPositions Positions => cache.PositionsOf(layer, head);

    /// <summary>A page.</summary>
    public PageView View(int page) => cache.View(layer, head, page);

    /// <summary>The position of a slot.</summary>
    public int Position(int slot) => Positions.Span[slot];

    /// <summary>Keys in fp32: [stored tokens][Dh].</summary>
    public float[] Keys() => Read(isKey: true);

    /// <summary>Values in fp32: [stored tokens][Dh].</summary>
    public float[] Values() => Read(isKey: false);

    /// <summary>Stores other keys and values in place of all that are there: [stored tokens][Dh] each. Nothing may share its pages. False where a number does not fit them.</summary>
    public unsafe bool Write(KernelSet kernels, float[] keys, float[] values)
    {
        var (width, fits) = (keys.Length / Count, true);
        fixed (float* k = keys, v = values)
        {
            for (var slot = 0; slot < Count; slot++)
                fits &= kernels.StorePosition(View(slot / PageLayout.Positions), slot % PageLayout.Positions, k + (slot * width), v + (slot * width));
        }
        return fits;
    }

    private unsafe float[] Read(bool isKey)
    {
        if (Count == 0)
            return [];
        var layout = View(0).Layout;
        var to = new float[Count * layout.HeadDim];
        using var panel = new NativeBuffer<float>(PageLayout.Positions * layout.ValueStride);
        var (perToken, perNumber) = isKey ? (1, PageLayout.Positions) : (layout.ValueStride, 1);
        for (var first = 0; first < Count; first += PageLayout.Positions)
        {
            var page = View(first / PageLayout.Positions);
            var numbers = isKey ? PortablePages.Keys(page, panel.Pointer) : PortablePages.Values(page, panel.Pointer);
            for (var slot = 0; slot < Math.Min(PageLayout.Positions, Count - first); slot++)
            {
                for (var d = 0; d < layout.HeadDim; d++)
                    to[((first + slot) * layout.HeadDim) + d] = numbers[(slot * perToken) + (d * perNumber)];
            }
        }
        return to;
    }
}
