using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>The places that <c>[start:stop:step]</c> takes from a sequence.</summary>
internal readonly struct Slice
{
    private readonly long _start;
    private readonly long _step;

    private Slice(long start, long step, int count)
    {
        _start = start;
        _step = step;
        Count = count;
    }

    public int Count { get; }

    public bool IsRange => _step == 1;

    public int this[int index] => (int)(_start + index * _step);

    public static Slice Of(RenderContext context, Value? start, Value? stop, Value? step, int length)
    {
        var stride = Bound(context, step) ?? 1;
        if (stride == 0) throw context.Fail("the step of a slice is zero");
        var forward = stride > 0;
        var first = Clamp(Bound(context, start) ?? (forward ? 0 : length - 1), length, forward, start is null or NoneValue);
        var last = Bound(context, stop) is { } end ? Clamp(end, length, forward, isPlace: false) : forward ? length : -1;
        var span = forward ? last - first : first - last;
        if (span <= 0) return new Slice(first, stride, 0);
        // A stride of long.MinValue has no absolute value; any stride beyond the length takes one item.
        var size = stride == long.MinValue ? long.MaxValue : Math.Abs(stride);
        return new Slice(first, stride, (int)((span - 1) / size + 1));
    }

    private static long Clamp(long place, int length, bool forward, bool isPlace)
    {
        if (!isPlace && place < 0) place += length;
        return forward ? Math.Clamp(place, 0, length) : Math.Clamp(place, -1, length - 1);
    }

    private static long? Bound(RenderContext context, Value? bound) =>
        bound is null or NoneValue ? null : Numbers.Integer(context, bound, "a bound of a slice");
}
