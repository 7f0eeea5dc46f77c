using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A tuple.</summary>
internal class TupleValue(Value[] elements) : SequenceValue(elements)
{
    public override string TypeName => "tuple";

    public override SequenceValue With(Value[] items) => new TupleValue(items);

    public override void WriteRepresentation(TextBuilder target, RenderContext context)
    {
        target.Append('(');
        WriteElements(target);
        target.Append(Elements.Length == 1 ? ",)" : ")");
    }
}
