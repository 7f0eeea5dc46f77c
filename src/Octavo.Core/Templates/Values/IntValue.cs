using System.Globalization;
using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A whole number of up to 64 bits.</summary>
internal sealed class IntValue(long value) : Value
{
    public long Number => value;

    public override string TypeName => "int";

    public override bool IsTrue => value != 0;

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        target.Append(value.ToString(CultureInfo.InvariantCulture));
}
