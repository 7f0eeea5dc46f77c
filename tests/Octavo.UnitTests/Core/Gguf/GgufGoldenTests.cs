using System.Globalization;
using System.Text.Json;
using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Tensors;
using Octavo.UnitTests.Core.Tensors;
using Shouldly;

namespace Octavo.UnitTests.Core.Gguf;

public class GgufGoldenTests
{
    [Theory]
    [InlineData("types-v3.gguf")]
    [InlineData("types-v2.gguf")]
    [InlineData("aligned-64.gguf")]
    [InlineData("nested.gguf")]
    [InlineData("empty.gguf")]
    public void Open_MetadataGolden_GivesEveryValueAndTensor(string name)
    {
        var folder = GoldenFolder.Find("gguf/metadata");
        var golden = Case(folder, name);
        foreach (var map in (bool[])[true, false])
        {
            using var file = GgufFile.Open(Path.Combine(folder, name), map);

            file.FormatVersion.ShouldBe(golden.GetProperty("version").GetInt32());
            file.Alignment.ShouldBe(golden.GetProperty("alignment").GetInt32());
            var values = golden.GetProperty("values").EnumerateArray().ToList();
            file.Metadata.Values.Keys.ShouldBe(values.Select(v => v.GetProperty("key").GetString()!));
            foreach (var value in values)
            {
                var found = file.Metadata.Values[value.GetProperty("key").GetString()!];
                Check(found, value.GetProperty("type").GetString()!, value.GetProperty("value"));
            }
            if (golden.TryGetProperty("tensors", out var tensors))
            {
                file.DataOffset.ShouldBe(golden.GetProperty("data_offset").GetInt64());
                CheckTensors(file, [.. tensors.EnumerateArray()]);
            }
            else
            {
                file.Tensors.ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public void Open_BigEndianGolden_RefusesByName()
    {
        var path = Path.Combine(GoldenFolder.Find("gguf/metadata"), "big-endian.gguf");
        Should.Throw<UnsupportedException>(() => GgufFile.Open(path)).Message.ShouldContain("big-endian");
    }

    [Fact]
    public void Open_SmolLm2_GivesItsLayout()
    {
        using var file = GgufFile.Open(GoldenFolder.FindModel("SmolLM2-135M-Instruct.Q4_1.gguf"));

        file.Metadata.Get<string>("general.architecture").ShouldBe("llama");
        file.Metadata.Get<string[]>("tokenizer.ggml.tokens").Length.ShouldBe(49_152);
        file.Tensors.Sum(t => t.Elements).ShouldBe(134_515_008);
        file.TryGet("token_embd.weight", out var table).ShouldBeTrue();
        table.Shape.ShouldBe([49_152, 576]);
    }

    private static JsonElement Case(string folder, string name)
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json")));
        return cases.RootElement.EnumerateArray().First(c => c.GetProperty("file").GetString() == name).Clone();
    }

    private static void Check(object found, string type, JsonElement expected)
    {
        if (type.StartsWith("array of ", StringComparison.Ordinal))
        {
            var elements = ((Array)found).Cast<object>().ToList();
            elements.Count.ShouldBe(expected.GetArrayLength());
            for (var i = 0; i < elements.Count; i++)
                Check(elements[i], type["array of ".Length..], expected[i]);
            return;
        }
        var name = type switch
        {
            "uint8" => "Byte",
            "int8" => "SByte",
            "float32" => "Single",
            "float64" => "Double",
            "bool" => "Boolean",
            _ => type,
        };
        found.GetType().Name.ToLowerInvariant().ShouldBe(name.ToLowerInvariant());
        switch (found)
        {
            case float number:
                BitConverter.SingleToInt32Bits(number).ShouldBe(BitConverter.SingleToInt32Bits((float)expected.GetDouble()));
                break;
            case double number:
                BitConverter.DoubleToInt64Bits(number).ShouldBe(BitConverter.DoubleToInt64Bits(expected.GetDouble()));
                break;
            case bool flag:
                flag.ShouldBe(expected.GetBoolean());
                break;
            default:
                Convert.ToString(found, CultureInfo.InvariantCulture).ShouldBe(expected.ToString());
                break;
        }
    }

    private static void CheckTensors(GgufFile file, List<JsonElement> expected)
    {
        file.Tensors.Select(t => t.Name).ShouldBe(expected.Select(t => t.GetProperty("name").GetString()!));
        foreach (var (tensor, golden) in file.Tensors.Zip(expected))
        {
            tensor.Type.ToString().ShouldBe(golden.GetProperty("type").GetString());
            tensor.Shape.Reverse().ShouldBe(golden.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()));
            var values = golden.GetProperty("values").EnumerateArray().Select(v => v.ToString()).ToList();
            Numbers(tensor).ShouldBe(values.Select(v => decimal.Parse(v, NumberStyles.Float, CultureInfo.InvariantCulture)));
        }
    }

    private static IEnumerable<decimal> Numbers(StoredTensor tensor)
    {
        var bytes = tensor.Bytes(0, (int)tensor.ByteLength).ToArray();
        var size = bytes.Length / (int)tensor.Elements;
        return Enumerable.Range(0, (int)tensor.Elements).Select(i => i * size).Select(at => tensor.Type switch
        {
            TensorType.I8 => (sbyte)bytes[at],
            TensorType.I16 => BitConverter.ToInt16(bytes, at),
            TensorType.I32 => BitConverter.ToInt32(bytes, at),
            TensorType.I64 => BitConverter.ToInt64(bytes, at),
            TensorType.F16 => Exact((double)BitConverter.ToHalf(bytes, at)),
            TensorType.F32 => Exact(BitConverter.ToSingle(bytes, at)),
            TensorType.F64 => Exact(BitConverter.ToDouble(bytes, at)),
            _ => throw new InvalidOperationException($"{tensor.Type}"),
        });
    }

    private static decimal Exact(double number) =>
        decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
