using System.Globalization;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;

namespace Octavo.Cli.Parity.Kinds;

/// <summary>GGUF's container: every type of value, arrays, alignment, versions; a byte order that is refused by name.</summary>
internal sealed class GgufMetadataRunner : GoldenRunner
{
    private const string ArrayOf = "array of ";

    public override string Kind => "gguf-metadata";

    public override IReadOnlyList<OutputCheck> Run(Golden golden, ParityContext context)
    {
        List<OutputCheck> checks = [];
        foreach (var entry in golden.Cases(context))
        {
            var name = entry.GetProperty("file").GetString()!;
            var check = new CaseCheck(name);
            try
            {
                using var file = GgufFile.Open(golden.PathOf(name));
                CheckFile(check, file, entry);
            }
            catch (UnsupportedException error) when (!entry.GetProperty("must_load").GetBoolean())
            {
                check.Add(error.Message.Contains("endian", StringComparison.Ordinal), () => $"refused, but not by the byte order: {error.Message}");
            }
            checks.Add(check.Outcome()!);
        }
        return checks;
    }

    private static void CheckFile(CaseCheck check, GgufFile file, JsonElement entry)
    {
        check.AddText("version", $"{file.FormatVersion}", $"{entry.GetProperty("version")}");
        check.AddText("alignment", $"{file.Alignment}", $"{entry.GetProperty("alignment")}");
        var values = entry.GetProperty("values").EnumerateArray().ToList();
        check.Add(file.Metadata.Values.Count == values.Count, () => $"{file.Metadata.Values.Count} values instead of {values.Count}");
        foreach (var value in values)
        {
            var key = value.GetProperty("key").GetString()!;
            var found = file.Metadata.Values.GetValueOrDefault(key);
            check.Add(IsSame(found, value.GetProperty("type").GetString()!, value.GetProperty("value")), () => $"{key}: {found} instead of {value}");
        }
        if (!entry.TryGetProperty("tensors", out var tensors))
            return;
        check.AddText("data offset", $"{file.DataOffset}", $"{entry.GetProperty("data_offset")}");
        foreach (var tensor in tensors.EnumerateArray())
            CheckTensor(check, file, tensor);
    }

    private static bool IsSame(object? found, string type, JsonElement expected)
    {
        if (type.StartsWith(ArrayOf, StringComparison.Ordinal))
        {
            return found is Array array && array.Length == expected.GetArrayLength()
                && array.Cast<object>().Zip(expected.EnumerateArray()).All(pair => IsSame(pair.First, type[ArrayOf.Length..], pair.Second));
        }
        return (type, found) switch
        {
            ("float32", float number) => BitConverter.SingleToInt32Bits(number) == BitConverter.SingleToInt32Bits((float)expected.GetDouble()),
            ("float64", double number) => BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits(expected.GetDouble()),
            ("bool", bool flag) => flag == expected.GetBoolean(),
            ("uint8", byte) or ("int8", sbyte) or ("uint16", ushort) or ("int16", short) or ("uint32", uint) or ("int32", int)
                or ("uint64", ulong) or ("int64", long) or ("string", string)
                => Convert.ToString(found, CultureInfo.InvariantCulture) == expected.ToString(),
            _ => false,
        };
    }

    private static void CheckTensor(CaseCheck check, GgufFile file, JsonElement expected)
    {
        var name = expected.GetProperty("name").GetString()!;
        if (!file.TryGet(name, out var tensor))
        {
            check.Add(false, () => $"{name} is missing");
            return;
        }
        check.AddText(name, tensor.Type.ToString(), expected.GetProperty("type").GetString()!);
        check.AddText(name, string.Join('x', tensor.Shape.Reverse()), string.Join('x', expected.GetProperty("shape").EnumerateArray()));
        var values = expected.GetProperty("values").EnumerateArray().Select(value => value.ToString()).ToList();
        check.Add(Numbers(tensor).SequenceEqual(values.Select(Exact)), () => $"{name} has other numbers");
    }

    private static IEnumerable<decimal> Numbers(StoredTensor tensor)
    {
        var bytes = tensor.Bytes(0, checked((int)tensor.ByteLength)).ToArray();
        var size = bytes.Length / Math.Max(1, (int)tensor.Elements);
        return Enumerable.Range(0, (int)tensor.Elements).Select(i => i * size).Select(at => tensor.Type switch
        {
            TensorType.I8 => (sbyte)bytes[at],
            TensorType.I16 => BitConverter.ToInt16(bytes, at),
            TensorType.I32 => BitConverter.ToInt32(bytes, at),
            TensorType.I64 => BitConverter.ToInt64(bytes, at),
            TensorType.F16 => Exact(((double)BitConverter.ToHalf(bytes, at)).ToString("R", CultureInfo.InvariantCulture)),
            TensorType.F32 => Exact(((double)BitConverter.ToSingle(bytes, at)).ToString("R", CultureInfo.InvariantCulture)),
            TensorType.F64 => Exact(BitConverter.ToDouble(bytes, at).ToString("R", CultureInfo.InvariantCulture)),
            _ => throw new UnsupportedException($"the tensor type {tensor.Type} is not compared yet."),
        });
    }

    private static decimal Exact(string number) => decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
}
