using Octavo.Core.Templates.Runtime;

namespace Octavo.Core.Templates.Values;

/// <summary>The work of a function.</summary>
internal delegate Value TemplateFunction(RenderContext context, Arguments arguments);

/// <summary>A function of the environment, such as <c>range</c>, or one of a loop.</summary>
internal sealed class FunctionValue(string name, TemplateFunction work) : Value
{
    public override string TypeName => "function";

    public override bool IsCallable => true;

    public override Value Call(RenderContext context, Arguments arguments) => work(context, arguments);

    public override void WriteRepresentation(TextBuilder target, RenderContext context) =>
        throw context.Fail($"the function '{name}' cannot be shown; call it");
}
