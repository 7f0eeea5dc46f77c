using Octavo.Core.Templates.Library;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A number with a fraction.</summary>
internal sealed class FloatValue(double value) : Value
{
    public double Number => value;

    public override string TypeName => "float";

    public override bool IsTrue => value != 0;

    public override void WriteRepresentation(TextBuilder target, RenderContext context) => target.Append(FloatText.Representation(value));
}
