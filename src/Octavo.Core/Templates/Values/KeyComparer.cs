namespace Octavo.Core.Templates.Values;

/// <summary>Equality of keys: numbers by value whatever their type, texts by their characters, the rest by identity.</summary>
internal sealed class KeyComparer : IEqualityComparer<Value>
{
    public static readonly KeyComparer Instance = new();

    private KeyComparer() { }

    public bool Equals(Value? left, Value? right) =>
        ReferenceEquals(left, right) || (left is not null && right is not null && ScalarsEqual(left, right));

    /// <summary>Equality of everything but lists, tuples and mappings.</summary>
    public static bool ScalarsEqual(Value left, Value right) => (left, right) switch
    {
        (StringValue a, StringValue b) => a.Text == b.Text,
        (UndefinedValue, UndefinedValue) => true,
        (BigIntValue a, BigIntValue b) => a.Digits == b.Digits,
        (FloatValue a, FloatValue b) => a.Number == b.Number,
        (FloatValue a, IntValue or BoolValue) => Same(a.Number, Integer(right)),
        (IntValue or BoolValue, FloatValue b) => Same(b.Number, Integer(left)),
        (IntValue or BoolValue, IntValue or BoolValue) => Integer(left) == Integer(right),
        _ => ReferenceEquals(left, right),
    };

    // HashCode is seeded anew in each process, so that nobody can prepare keys that collide.
    public int GetHashCode(Value value) => value switch
    {
        StringValue text => text.Text.GetHashCode(StringComparison.Ordinal),
        BoolValue or IntValue => HashCode.Combine(Integer(value)),
        FloatValue number when IsLong(number.Number) => HashCode.Combine((long)number.Number),
        FloatValue number => HashCode.Combine(number.Number),
        BigIntValue number => number.Digits.GetHashCode(StringComparison.Ordinal),
        UndefinedValue => 1,
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value),
    };

    private static long Integer(Value value) => value is IntValue number ? number.Number : value.IsTrue ? 1 : 0;

    private static bool Same(double number, long integer) =>
        IsLong(number) && (long)number == integer;

    private static bool IsLong(double number) =>
        number == Math.Floor(number) && number is >= -9223372036854775808.0 and < 9223372036854775808.0;
}
