using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>What <c>namespace()</c> gives: the one kind of value whose attributes a template may set.</summary>
internal sealed class NamespaceValue(DictValue attributes) : Value
{
    public override string TypeName => "Namespace";

    public void Set(string name, Value value) => attributes.Set(name, value);

    // The reference keeps names with a leading underscore to itself.
    public override Value? FindAttribute(RenderContext context, string name) =>
        name.StartsWith('_') ? null : attributes.Find(name);

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        target.Append("<Namespace ").AppendRepresentation(attributes).Append('>');
}
