using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a mapping give.</summary>
/// <param name="name">The method.</param>
/// <param name="items">The keys, the values, or the pairs.</param>
internal sealed class DictViewValue(string name, Value[] items) : Value
{
    public override string TypeName => "dict_" + name;

    public override bool IsTrue => items.Length > 0;

    public override bool IsReversible => true;

    public override long? Length(RenderContext context) => items.Length;

    public override IEnumerable<Value> Items(RenderContext context) => items;

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        target.Append(TypeName).Append('(').AppendRepresentation(new ListValue(items)).Append(')');
}
