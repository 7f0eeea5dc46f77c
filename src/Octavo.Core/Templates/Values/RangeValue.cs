using System.Globalization;
using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>What <c>range()</c> gives: numbers that are made as they are asked for.</summary>
internal sealed class RangeValue(long start, long stop, long step, int count) : Value
{
    public override string TypeName => "range";

    public override bool IsTrue => count > 0;

    public override bool HasItems => true;

    public override long? Length(RenderContext context) => count;

    public override IEnumerable<Value> Items(RenderContext context)
    {
        for (var i = 0; i < count; i++) yield return new IntValue(start + i * step);
    }

    public override Value? FindItem(RenderContext context, Value key)
    {
        if (Numbers.AsInteger(key) is not { } index) return null;
        if (index < 0) index += count;
        return index >= 0 && index < count ? new IntValue(start + index * step) : null;
    }

    public override Value GetSlice(RenderContext context, Value? from, Value? to, Value? by) =>
        throw context.Unsupported("a slice of range(); make a list of it first");

    public override void WriteRepresentation(TextBuilder target, RenderContext context)
    {
        target.Append(string.Create(CultureInfo.InvariantCulture, $"range({start}, {stop}"));
        target.Append(step == 1 ? ")" : string.Create(CultureInfo.InvariantCulture, $", {step})"));
    }
}
