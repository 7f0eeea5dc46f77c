using Octavo.Core.Templates.Runtime;
using Octavo.Core.Templates.Values;

namespace Octavo.Core.Templates.Library;

/// <summary>Equality, order and membership as Python defines them.</summary>
internal static class Comparison
{
    public static bool AreEqual(RenderContext context, Value left, Value right)
    {
        if (ReferenceEquals(left, right)) return left is not FloatValue { Number: double.NaN };
        switch (left, right)
        {
            case (StringValue a, StringValue b):
                if (a.Text.Length != b.Text.Length) return false;
                context.ChargeText(a.Text.Length);
                return a.Text == b.Text;
            case (ListValue a, ListValue b): return ElementsEqual(context, a.Elements, b.Elements);
            case (TupleValue a, TupleValue b): return ElementsEqual(context, a.Elements, b.Elements);
            case (DictValue a, DictValue b): return PairsEqual(context, a, b);
            default: return KeyComparer.ScalarsEqual(left, right);
        }
    }

    /// <summary>Less than zero, zero, or more, as the left comes before, with or behind the right; null when a number is not one.</summary>
    /// <param name="context">The render.</param>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    /// <param name="sign">The operator, for the error.</param>
    public static int? Compare(RenderContext context, Value left, Value right, string sign)
    {
        UndefinedValue.Refuse(context, left);
        UndefinedValue.Refuse(context, right);
        if (Numbers.AsInteger(left) is { } a && Numbers.AsInteger(right) is { } b) return a.CompareTo(b);
        if (left is BigIntValue || right is BigIntValue) throw context.Unsupported("a comparison with a number beyond 64 bits");
        if (Numbers.AsDouble(left) is { } x && Numbers.AsDouble(right) is { } y)
            return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
        if (left is StringValue text && right is StringValue other) return CompareTexts(context, text.Text, other.Text);
        if (left is ListValue or TupleValue && right.TypeName == left.TypeName)
            return CompareElements(context, ((SequenceValue)left).Elements, ((SequenceValue)right).Elements, sign);
        throw context.Fail($"'{sign}' is not supported between a {left.TypeName} and a {right.TypeName}");
    }

    /// <summary><c>item in container</c>.</summary>
    public static bool Contains(RenderContext context, Value container, Value item)
    {
        switch (container)
        {
            case StringValue text:
                UndefinedValue.Refuse(context, item);
                if (item is not StringValue part) throw context.Fail($"'in' on a text needs a text on its left, not a {item.TypeName}");
                return TextSearch.Contains(context, text.Text, part.Text);
            case DictValue mapping:
                return mapping.Find(context, item) is not null;
        }
        foreach (var element in container.RequireItems(context))
        {
            context.Charge(1);
            if (AreEqual(context, element, item)) return true;
        }
        return false;
    }

    /// <summary><c>is sameas</c>: the same value of the same type for what cannot be told apart, else the same object.</summary>
    public static bool AreSame(RenderContext context, Value left, Value right) => (left, right) switch
    {
        (IntValue a, IntValue b) => a.Number == b.Number,
        (StringValue, StringValue) => AreEqual(context, left, right),
        _ => ReferenceEquals(left, right),
    };

    /// <summary>The order of two texts by their characters, not by their UTF-16 units.</summary>
    public static int CompareTexts(RenderContext context, string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        context.ChargeText(common);
        if (common == left.Length || common == right.Length) return left.Length.CompareTo(right.Length);
        var (a, b) = (left[common], right[common]);
        // Surrogates stand for characters above all of the first plane.
        if (char.IsSurrogate(a) != char.IsSurrogate(b)) return char.IsSurrogate(a) ? 1 : -1;
        return a.CompareTo(b);
    }

    private static bool ElementsEqual(RenderContext context, Value[] left, Value[] right)
    {
        if (left.Length != right.Length) return false;
        var line = context.Enter();
        var equal = true;
        for (var i = 0; i < left.Length && equal; i++)
        {
            context.Charge(1);
            equal = AreEqual(context, left[i], right[i]);
        }
        context.Leave(line);
        return equal;
    }

    private static bool PairsEqual(RenderContext context, DictValue left, DictValue right)
    {
        if (left.Count != right.Count) return false;
        var line = context.Enter();
        var equal = true;
        for (var i = 0; i < left.Count && equal; i++)
        {
            context.Charge(1);
            var (key, value) = left[i];
            equal = right.Find(context, key) is { } other && AreEqual(context, value, other);
        }
        context.Leave(line);
        return equal;
    }

    private static int? CompareElements(RenderContext context, Value[] left, Value[] right, string sign)
    {
        var line = context.Enter();
        int? order = left.Length.CompareTo(right.Length);
        for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            context.Charge(1);
            if (AreEqual(context, left[i], right[i])) continue;
            order = Compare(context, left[i], right[i], sign);
            break;
        }
        context.Leave(line);
        return order;
    }
}
