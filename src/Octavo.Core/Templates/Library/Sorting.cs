using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Python's stable sort.</summary>
internal static class Sorting
{
    /// <summary>The places of the keys in ascending order; equal keys keep their order, descending too.</summary>
    public static int[] Order(RenderContext context, Value[] keys, bool reverse)
    {
        context.Charge(keys.Length);
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var spare = new int[keys.Length];
        for (var width = 1; width < order.Length; width *= 2)
        {
            for (var start = 0; start < order.Length; start += 2 * width) Merge(context, keys, order, spare, start, width, reverse);
            (order, spare) = (spare, order);
        }
        return order;
    }

    private static void Merge(RenderContext context, Value[] keys, int[] from, int[] to, int start, int width, bool reverse)
    {
        var middle = Math.Min(start + width, from.Length);
        var end = Math.Min(middle + width, from.Length);
        var (left, right) = (start, middle);
        for (var i = start; i < end; i++)
        {
            var takesRight = left >= middle || (right < end && IsBefore(context, keys[from[right]], keys[from[left]], reverse));
            to[i] = takesRight ? from[right++] : from[left++];
        }
    }

    private static bool IsBefore(RenderContext context, Value right, Value left, bool reverse)
    {
        context.Charge(1);
        return reverse ? Comparison.Compare(context, left, right, "<") < 0 : Comparison.Compare(context, right, left, "<") < 0;
    }
}
