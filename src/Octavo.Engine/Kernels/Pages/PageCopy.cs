namespace Octavo.Engine.Kernels;

/// <summary>Copies single positions between pages of one layout.</summary>
internal static unsafe class PageCopy
{
    private const int Positions = PageLayout.Positions;

    /// <summary>Copies one position's key and value, bit for bit.</summary>
    public static void Slot(in PageView from, int slot, in PageView to, int toSlot)
    {
        var layout = from.Layout;
        switch (layout.ElementBytes)
        {
            case 4: Key<uint>(from, slot, to, toSlot); break;
            case 2: Key<ushort>(from, slot, to, toSlot); break;
            default: Key<byte>(from, slot, to, toSlot); break;
        }
        var bytes = layout.ValueStride * layout.ElementBytes;
        new ReadOnlySpan<byte>(from.Values + ((long)slot * bytes), bytes).CopyTo(new Span<byte>(to.Values + ((long)toSlot * bytes), bytes));
        for (var block = 0; block < layout.Blocks; block++)
        {
            to.KeyScales[(block * Positions) + toSlot] = from.KeyScales[(block * Positions) + slot];
            to.ValueScales[(block * Positions) + toSlot] = from.ValueScales[(block * Positions) + slot];
        }
    }

    /// <summary>Copies one position's key and value into a page of fp32, whatever they are stored as.</summary>
    public static void SlotInPlain(in PageView from, int slot, in PageView to, int toSlot)
    {
        var layout = from.Layout;
        for (var d = 0; d < layout.HeadDim; d++)
        {
            ((float*)to.Keys)[(d * Positions) + toSlot] = ScalarPages.Key(from, slot, d);
            ((float*)to.Values)[(toSlot * layout.ValueStride) + d] = ScalarPages.Value(from, slot, d);
        }
    }

    private static void Key<T>(in PageView from, int slot, in PageView to, int toSlot)
        where T : unmanaged
    {
        var a = (T*)from.Keys + slot;
        var b = (T*)to.Keys + toSlot;
        for (var d = 0; d < from.Layout.HeadDim; d++, a += Positions, b += Positions)
            *b = *a;
    }
}
