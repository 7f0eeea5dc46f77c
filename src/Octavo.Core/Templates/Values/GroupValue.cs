using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>One group of the filter <c>groupby</c>: a pair that also answers to its names.</summary>
internal sealed class GroupValue(Value grouper, ListValue items) : TupleValue([grouper, items])
{
    public override Value? FindAttribute(RenderContext context, string name) => name switch
    {
        "grouper" => Elements[0],
        "list" => Elements[1],
        _ => base.FindAttribute(context, name),
    };
}
