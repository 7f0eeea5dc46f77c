using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>The work of a method.</summary>
internal delegate Value TemplateMethod<in TSelf>(RenderContext context, TSelf self, Arguments arguments);

/// <summary>A method together with the value that it belongs to.</summary>
internal sealed class MethodValue<TSelf>(TSelf self, string name, TemplateMethod<TSelf> work) : Value
    where TSelf : Value
{
    public override string TypeName => "builtin_function_or_method";

    public override bool IsCallable => true;

    public override Value Call(RenderContext context, Arguments arguments) => work(context, self, arguments);

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        throw context.Fail($"the method '{name}' of {self.TypeName} cannot be shown; call it, or read a key of that name as ['{name}']");
}
