using System.Text;
using Octavo.UnitTests.Core.Tensors;
using static Octavo.UnitTests.Core.Safetensors.SafetensorsBytes;

namespace Octavo.UnitTests.Core.Safetensors;

/// <summary>Safetensors files around every rule; each bad one stands beside a twin that loads.</summary>
internal static class HostileHeaders
{
    public static IEnumerable<HostileFile> All =>
        [.. Lengths(), .. Texts(), .. Keys(), .. Fields(), .. Types(), .. Numbers(), .. Shapes(), .. Ranges()];

    private static HostileFile One(string name, string entry, int data, string? rule) => new(name, Of($"{{\"t\":{entry}}}", data), rule);

    private static IEnumerable<HostileFile> Lengths()
    {
        yield return new("file of 0 bytes", [], "has 0 bytes");
        yield return new("file of 7 bytes", new byte[7], "has 7 bytes");
        yield return new("file of 8 bytes", new byte[8], "does not begin with '{'");
        foreach (var (length, rule) in ((ulong, string?)[])[(0, "does not begin with '{'"), (1, "the JSON text"), (2, null),
            (3, "is 3 bytes long and 2 follow"), (99_999_999, "and 2 follow"), (100_000_000, "and 2 follow"),
            (100_000_001, "at most 100000000"),
            (1UL << 31, "at most 100000000"), (1UL << 63, "at most 100000000"), (ulong.MaxValue - 7, "at most 100000000"),
            (ulong.MaxValue, "at most 100000000")])
        {
            yield return new($"header length {length} of 2", Of("{}", 0, length), rule);
        }
        yield return new("header of 100,000,001 bytes", Of("{}", 0, 100_000_001), "at most 100000000", 100_000_009);
    }

    private static IEnumerable<HostileFile> Texts()
    {
        foreach (var (name, header, rule) in ((string, string, string?)[])[("spaces behind", "{}   ", null),
            ("space before", " {}", "does not begin with '{'"),
            ("list", "[]", "does not begin with '{'"), ("byte order mark", "\uFEFF{}", "does not begin with '{'"),
            ("NUL behind", "{}\0", "the JSON text is wrong"),
            ("two objects", "{}{}", "the JSON text is wrong"), ("not closed", "{", "the JSON text"),
            ("comma at the end", "{\"__metadata__\":{},}", "the JSON text is wrong"),
            ("comment", "{/**/}", "the JSON text is wrong"), ("single quotes", "{'a':1}", "the JSON text is wrong")])
        {
            yield return new($"text: {name}", Of(header), rule);
        }
        byte[] Named(byte[] name) => Of([.. "{\""u8, .. name,
            .. Encoding.UTF8.GetBytes("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")]);
        yield return new("text: good UTF-8", Named([0xC3, 0xA8]), null);
        yield return new("text: bad UTF-8", Named([0xC3, 0x28]), "not valid Unicode");
        yield return new("text: surrogate pair", Named([.. "\\ud83d\\ude00"u8]), null);
        yield return new("text: half a surrogate pair", Named([.. "\\ud83d"u8]), "not valid Unicode");
        yield return new("text: control character", Named([1]), "the JSON text is wrong");
        yield return One("text: nested 100,000 deep", new string('[', 100_000), 0, "is expected");
        yield return new("text: metadata nested 100,000 deep", Of("{\"__metadata__\":" + new string('[', 100_000)),
            "StartObject is expected");
    }

    private static IEnumerable<HostileFile> Keys()
    {
        var (a, b) = (Entry("a", "U8", "1", 0, 1), Entry("b", "U8", "1", 1, 2));
        yield return new("two keys", Of($"{{{a},{b}}}", 2), null);
        yield return new("key twice", Of($"{{{a},{Entry("a", "U8", "1", 1, 2)}}}", 2), "the key 'a' stands twice");
        yield return new("key twice, once escaped", Of($"{{{a},{Entry("\\u0061", "U8", "1", 1, 2)}}}", 2), "the key 'a' stands twice");
        yield return new("key in two cases", Of($"{{{a},{Entry("A", "U8", "1", 1, 2)}}}", 2), null);
        foreach (var (name, value, rule) in ((string, string, string?)[])[("texts", "{\"a\":\"1\",\"b\":\"2\"}", null),
            ("key twice", "{\"a\":\"1\",\"a\":\"2\"}", "stands twice"),
            ("number", "{\"a\":1}", "String is expected"), ("null text", "{\"a\":null}", "String is expected"),
            ("object", "{\"a\":{}}", "String is expected"),
            ("null", "null", "StartObject is expected"), ("text", "\"a\"", "StartObject is expected"),
            ("list", "[]", "StartObject is expected")])
        {
            yield return new($"metadata: {name}", Of($"{{\"__metadata__\":{value}}}"), rule);
        }
        yield return new("metadata twice", Of("{\"__metadata__\":{},\"__metadata__\":{}}"), "'__metadata__' stands twice");
    }

    private static IEnumerable<HostileFile> Fields()
    {
        yield return One("fields: other order", "{\"data_offsets\":[0,1],\"shape\":[1],\"dtype\":\"U8\"}", 1, null);
        yield return One("fields: no dtype", "{\"shape\":[1],\"data_offsets\":[0,1]}", 1, "lacks dtype");
        yield return One("fields: no shape", "{\"dtype\":\"U8\",\"data_offsets\":[0,1]}", 1, "lacks shape");
        yield return One("fields: no data_offsets", "{\"dtype\":\"U8\",\"shape\":[1]}", 1, "lacks data_offsets");
        yield return One("fields: a fourth", "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":1}", 1, "has the field 'x'");
        yield return One("fields: dtype twice", "{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}", 1,
            "has 'dtype' twice");
        yield return One("fields: shape twice", "{\"dtype\":\"U8\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,1]}", 1,
            "has 'shape' twice");
        yield return One("fields: data_offsets twice", "{\"dtype\":\"U8\",\"data_offsets\":[0,1],\"shape\":[1],\"data_offsets\":[0,1]}",
            1, "has 'data_offsets' twice");
        yield return One("fields: number for entry", "1", 0, "StartObject is expected");
        yield return One("fields: null for entry", "null", 0, "StartObject is expected");
        yield return One("fields: text for shape", "{\"dtype\":\"U8\",\"shape\":\"1\",\"data_offsets\":[0,1]}", 1,
            "StartArray is expected");
        yield return One("fields: nested shape", "{\"dtype\":\"U8\",\"shape\":[[1]],\"data_offsets\":[0,1]}", 1, "Number is expected");
        foreach (var (offsets, rule) in ((string, string?)[])[("[0]", "Number is expected"), ("[0,1]", null),
            ("[0,1,1]", "EndArray is expected"),
            ("[]", "Number is expected"), ("0", "StartArray is expected"), ("[\"0\",1]", "Number is expected")])
        {
            yield return One($"fields: data_offsets {offsets}", $"{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":{offsets}}}", 1, rule);
        }
    }

    private static IEnumerable<HostileFile> Types()
    {
        foreach (var (type, bytes) in ((string, int)[])[("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2), ("F8_E4M3", 1), ("F8_E5M2", 1),
            ("I64", 8), ("I32", 4),
            ("I16", 2), ("I8", 1), ("U64", 8), ("U32", 4), ("U16", 2), ("U8", 1), ("BOOL", 1)])
        {
            for (var extra = -1; extra <= 1; extra++)
            {
                var size = (2 * bytes) + extra;
                yield return new($"dtype {type} of 2 in {size} bytes", Of($"{{{Entry("t", type, "2", 0, size)}}}", size),
                    extra == 0 ? null : $"the data have {size} bytes; [2] of");
            }
        }
        foreach (var type in (string[])["F4", "F8_E8M0", "C64", "f32", "", "F32 "])
            yield return new($"dtype '{type}'", Of($"{{{Entry("t", type, "1", 0, 4)}}}", 4), $"has dtype '{type}'");
        yield return One("dtype 5", "{\"dtype\":5,\"shape\":[1],\"data_offsets\":[0,1]}", 1, "String is expected");
    }

    private static IEnumerable<HostileFile> Numbers()
    {
        foreach (var number in (string[])["-1", "1.0", "1e0", "-0", "9223372036854775808", "18446744073709551616",
            "1" + new string('0', 400)])
        {
            yield return One($"number {number[..Math.Min(24, number.Length)]} in shape",
                $"{{\"dtype\":\"U8\",\"shape\":[{number}],\"data_offsets\":[0,1]}}", 1, "a dimension is");
            yield return One($"number {number[..Math.Min(24, number.Length)]} as end",
                $"{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,{number}]}}", 1, "the end is");
        }
        yield return One("number 01", "{\"dtype\":\"U8\",\"shape\":[01],\"data_offsets\":[0,1]}", 1, "the JSON text is wrong");
        yield return One("number 2^63 - 1", "{\"dtype\":\"U8\",\"shape\":[9223372036854775807],\"data_offsets\":[0,9223372036854775807]}",
            1, "the tensors take");
    }

    private static IEnumerable<HostileFile> Shapes()
    {
        for (var dimensions = 15; dimensions <= 17; dimensions++)
        {
            yield return new($"{dimensions} dimensions",
                Of($"{{{Entry("t", "U8", string.Join(',', Enumerable.Repeat(1, dimensions)), 0, 1)}}}", 1),
                dimensions > 16 ? "more than 16 dimensions" : null);
        }
        yield return new("no dimension", Of($"{{{Entry("t", "F32", "", 0, 4)}}}", 4), null);
        yield return new("dimension 0", Of($"{{{Entry("t", "F32", "3,0", 0, 0)}}}"), null);
        yield return new("dimension 0 with bytes", Of($"{{{Entry("t", "F32", "3,0", 0, 4)}}}", 4), "the data have 4 bytes");
        // The products wrap to 0, 4 and 1 in 64 bits.
        foreach (var (shape, bytes) in ((string, int)[])[("4294967296,4294967296", 0), ("4611686018427387905", 4),
            ("4294967297,4294967295,3", 1)])
            yield return new($"shape {shape}", Of($"{{{Entry("t", shape[^1] == '5' ? "F32" : "U8", shape, 0, bytes)}}}", bytes),
                "overflows 63 bits");
    }

    private static IEnumerable<HostileFile> Ranges()
    {
        HostileFile Two(string name, long begin, long end, int data, string? rule) => new($"ranges: {name}",
            Of($"{{{Entry("a", "U8", "4", 0, 4)},{Entry("b", "U8", $"{Math.Max(0, end - begin)}", begin, end)}}}", data), rule);
        yield return Two("next to each other", 4, 8, 8, null);
        yield return Two("overlap by 1", 3, 8, 8, "they overlap");
        yield return Two("hole of 1", 5, 8, 8, "there is a hole");
        yield return Two("the same", 0, 4, 4, "they overlap");
        yield return Two("empty between", 4, 4, 4, null);
        yield return Two("empty inside", 2, 2, 4, "they overlap");
        yield return Two("end one short of the file", 4, 8, 9, "the tensors take 8 bytes of data and the file has 9");
        yield return Two("end one beyond the file", 4, 8, 7, "the tensors take 8 bytes of data and the file has 7");
        yield return Two("begin after end by 1", 5, 4, 8, "begin at 5 and end before it, at 4");
        yield return Two("far beyond", long.MaxValue - 4, long.MaxValue, 8, "there is a hole");
        yield return new("ranges: hole at the start", Of($"{{{Entry("a", "U8", "4", 1, 5)}}}", 5), "there is a hole");
        yield return new("ranges: no tensor for the data", Of("{}", 1), "the tensors take 0 bytes of data and the file has 1");
        yield return new("ranges: not sorted", Of($"{{{Entry("a", "U8", "4", 4, 8)},{Entry("b", "U8", "4", 0, 4)}}}", 8), null);
    }
}
