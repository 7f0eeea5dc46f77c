using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>The methods of lists and tuples, by name. Those that change a list are refused.</summary>
internal static class SequenceMethods
{
    public static Value? Find(RenderContext context, SequenceValue self, string name) => name switch
    {
        "count" => new MethodValue<SequenceValue>(self, name, Count),
        "index" => new MethodValue<SequenceValue>(self, name, Index),
        "copy" when self is ListValue => new MethodValue<SequenceValue>(self, name, Copy),
        "append" or "clear" or "extend" or "insert" or "pop" or "remove" or "reverse" or "sort" when self is ListValue =>
            UndefinedValue.Because($"the method '{name}' would change a list, which a template may not; add lists with +, or use a filter"),
        _ => null,
    };

    private static SequenceValue Copy(RenderContext context, SequenceValue self, Arguments arguments)
    {
        arguments.RequirePositional(context, "copy", 0, 0);
        return self;
    }

    private static IntValue Count(RenderContext context, SequenceValue self, Arguments arguments)
    {
        var item = arguments.RequirePositional(context, "count", 1, 1)[0];
        context.Charge(self.Elements.Length);
        var count = 0;
        foreach (var element in self.Elements)
        {
            if (Comparison.AreEqual(context, element, item)) count++;
        }
        return new IntValue(count);
    }

    private static IntValue Index(RenderContext context, SequenceValue self, Arguments arguments)
    {
        var item = arguments.RequirePositional(context, "index", 1, 1)[0];
        context.Charge(self.Elements.Length);
        for (var i = 0; i < self.Elements.Length; i++)
        {
            if (Comparison.AreEqual(context, self.Elements[i], item)) return new IntValue(i);
        }
        throw context.Fail("the item that is looked for is not in the list");
    }
}
