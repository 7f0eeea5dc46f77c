using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>Items that can be gone through once, as the filters <c>map</c>, <c>select</c> and others give them.</summary>
internal sealed class GeneratorValue(Value[] items, string typeName = "generator") : Value
{
    private int _next;

    public override string TypeName => typeName;

    public override IEnumerable<Value> Items(RenderContext context)
    {
        while (_next < items.Length) yield return items[_next++];
    }

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        throw context.Fail($"a {typeName} cannot be shown; put the filter 'list' behind it");
}
