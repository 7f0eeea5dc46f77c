using CsCheck;
using Octavo.Core.Tensors;

namespace Octavo.UnitTests.Core.Gguf;

/// <summary>Random metadata and tensors, and what it means that two values are the same.</summary>
internal static class GgufGen
{
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 0, 12], Gen.OneOf("", "é", "نص", "😀 and \0 nul", "line\nline"));

    private static readonly Gen<object> _scalar = Gen.OneOf(
        Gen.Byte.Boxed(), Gen.SByte.Boxed(), Gen.UShort.Boxed(), Gen.Short.Boxed(), Gen.UInt.Boxed(),
        Gen.Int.Boxed(), Gen.ULong.Boxed(), Gen.Long.Boxed(), Gen.Float.Boxed(), Gen.Double.Boxed(),
        Gen.Bool.Boxed(), _text.Boxed());

    private static readonly Gen<object> _array = Gen.OneOf(
        Gen.Byte.Array[0, 9].Boxed(), Gen.SByte.Array[0, 9].Boxed(), Gen.UShort.Array[0, 9].Boxed(),
        Gen.Short.Array[0, 9].Boxed(), Gen.UInt.Array[0, 9].Boxed(), Gen.Int.Array[0, 9].Boxed(),
        Gen.ULong.Array[0, 9].Boxed(), Gen.Long.Array[0, 9].Boxed(), Gen.Float.Array[0, 9].Boxed(),
        Gen.Double.Array[0, 9].Boxed(), Gen.Bool.Array[0, 9].Boxed(), _text.Array[0, 9].Boxed());

    private static readonly Gen<object> _nested = Gen.OneOf(_array, _array.Array[0, 3].Boxed()).Array[0, 3].Boxed();

    public static readonly Gen<Dictionary<string, object>> Metadata =
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 8], Gen.OneOf(_scalar, _array, _nested)).Array[0, 12]
            .Select(pairs => pairs.DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2));

    public static Gen<TensorSpec[]> Tensors(TensorType[] types) =>
        Gen.Select(Gen.OneOf(types), Gen.Int[1, 3], Gen.Long[1, 4].Array[0, 3], Gen.ULong)
            .Select((type, blocks, slower, seed) => (type, (long[])[.. slower, blocks * type.BlockLength()], seed)).Array[0, 8]
            .Select(all => all.Select((t, i) => new TensorSpec($"t.{i}", t.Item1, t.Item2, t.seed)).ToArray());

    /// <summary>Equal type and bits, at every depth.</summary>
    public static bool Same(object a, object b) => (a, b) switch
    {
        (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        (Array x, Array y) => x.GetType() == y.GetType() && x.Length == y.Length
            && x.Cast<object>().Zip(y.Cast<object>()).All(p => Same(p.First, p.Second)),
        _ => a.GetType() == b.GetType() && a.Equals(b),
    };

    private static Gen<object> Boxed<T>(this Gen<T> values) where T : notnull => values.Select(v => (object)v);
}
