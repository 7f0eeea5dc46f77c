using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>A whole number beyond 64 bits: it passes through as it was written; arithmetic with it is refused.</summary>
/// <param name="digits">An optional minus sign and decimal digits, none of them a leading zero.</param>
internal sealed class BigIntValue(string digits) : Value
{
    /// <summary>The most digits that the reference turns into text.</summary>
    public const int MaxDigits = 4300;

    public string Digits => digits;

    public override string TypeName => "int";

    public override void WriteRepresentation(TextBuilder target, RenderContext context) => target.Append(digits);
}
