using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Syntax.Statements;

/// <summary>What a value can be assigned to.</summary>
internal abstract class Target
{
    public abstract void Assign(RenderContext context, Scope scope, Value value);
}

/// <summary>A name.</summary>
internal sealed class NameTarget(string name) : Target
{
    public override void Assign(RenderContext context, Scope scope, Value value) => scope.Set(name, value);
}

/// <summary>An attribute of a namespace.</summary>
internal sealed class NamespaceTarget(string name, string attribute) : Target
{
    public override void Assign(RenderContext context, Scope scope, Value value)
    {
        if (context.Resolve(name) is not NamespaceValue target)
            throw context.Fail($"'{name}' is no namespace, so its attribute '{attribute}' cannot be set; make it with namespace()");
        target.Set(attribute, value);
    }
}

/// <summary>Several targets that share out the items of one value.</summary>
internal sealed class TupleTarget(Target[] targets) : Target
{
    public override void Assign(RenderContext context, Scope scope, Value value)
    {
        var items = value.ToArray(context);
        if (items.Length != targets.Length) throw context.Fail($"{targets.Length} names cannot take {items.Length} values");
        for (var i = 0; i < items.Length; i++) targets[i].Assign(context, scope, items[i]);
    }
}
