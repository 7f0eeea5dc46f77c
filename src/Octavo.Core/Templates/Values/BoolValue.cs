using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary><c>True</c> or <c>False</c>; in arithmetic 1 or 0.</summary>
internal sealed class BoolValue : Value
{
    public static readonly BoolValue True = new(true);
    public static readonly BoolValue False = new(false);

    private BoolValue(bool value) => IsTrue = value;

    public override string TypeName => "bool";

    public override bool IsTrue { get; }

    public static BoolValue Of(bool value) => value ? True : False;

    public override void WriteRepresentation(TextBuilder target, RenderContext context) => target.Append(IsTrue ? "True" : "False");
}
