using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A list.</summary>
internal sealed class ListValue(Value[] elements) : SequenceValue(elements)
{
    public override string TypeName => "list";

    public override SequenceValue With(Value[] items) => new ListValue(items);

    public override void WriteRepresentation(TextBuilder target, RenderContext context)
    {
        target.Append('[');
        WriteElements(target);
        target.Append(']');
    }
}
