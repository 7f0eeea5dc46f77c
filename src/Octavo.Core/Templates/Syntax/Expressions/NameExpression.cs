using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Expressions;

/// <summary>A name whose value is looked up.</summary>
internal sealed class NameExpression(int line, string name) : Expression(line)
{
    protected override Value Compute(RenderContext context) => context.Resolve(name);
}
