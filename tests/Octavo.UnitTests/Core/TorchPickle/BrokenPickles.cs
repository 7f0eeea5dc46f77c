using Octavo.UnitTests.Core.Tensors;
using static Octavo.UnitTests.Core.TorchPickle.MaliciousPickles;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>Pickles that lie about sizes and places, or break a limit; the ones just inside a limit load.</summary>
internal static class BrokenPickles
{
    public static IEnumerable<HostileFile> All => [.. Ends(), .. Nesting(), .. PersistentIds(), .. Tensors(), .. Calls()];

    private static PickleBytes Begin(byte protocol = 2) => PickleBytes.Begin(protocol);

    private static IEnumerable<HostileFile> Ends()
    {
        yield return In("empty data.pkl", [], "ends in the middle of the pickle");
        yield return In("PROTO alone", Begin().ToArray(), "ends in the middle of the pickle");
        yield return In("no PROTO", "N."u8.ToArray(), "protocol 2 to 5 is expected");
        foreach (var protocol in (byte[])[0, 1, 6, 255])
            yield return In($"protocol {protocol}", Begin(protocol).Op('}'), $"has protocol {protocol}");
        yield return In("PROTO inside", Begin().Raw(0x80, 2).Op('}'), "PROTO (0x80)");
        yield return In("no STOP", Begin().Op('}').ToArray(), "ends in the middle of the pickle");
        yield return In("STOP with nothing", Begin(), "ends with 0 values");
        yield return In("STOP with two", Begin().Op('}').Op('}'), "ends with 2 values");
        yield return In("STOP with a mark", Begin().Op('}').Op('('), "and 1 marks");
        yield return In("bytes behind STOP", [.. Begin().Op('}').End(), (byte)'N'], "1 bytes follow the pickle's end");
        yield return In("a second pickle", [.. Begin().Op('}').End(), .. Begin().Global("os", "system").End()], "bytes follow the pickle's end");
        yield return In("TUPLE without a mark", Begin().Op('N').Op('t'), "looks for a mark");
        yield return In("TUPLE3 of two", Begin().Op('N').Op('N').Raw(0x87), "takes 3 values and the stack has 2");
        yield return In("frame of 2^63", Begin(4).Raw(0x95).U64(1UL << 63).Op('}'), "a frame of 9223372036854775808 bytes");
        yield return In("frame one too long", Begin(4).Raw(0x95).U64(3).Op('}'), "a frame of 3 bytes is announced and 2 follow");
        yield return In("text of 4 GB", Begin().Op('X').U32(uint.MaxValue).Raw("x"u8), "a text of 4294967295 bytes is announced");
        yield return In("text one too long", Begin().Op('X').U32(2).ToArray(), "a text of 2 bytes is announced and 0 follow");
        yield return In("text of Python 2 of -1", Begin().Op('T').U32(uint.MaxValue).Raw("x"u8), "a text of 4294967295 bytes");
        yield return In("text of bad UTF-8", Begin().Op('X').U32(2).Raw(0xC3, 0x28), "not valid UTF-8");
        yield return In("text of half a surrogate pair", Begin().Op('X').U32(3).Raw(0xED, 0xA0, 0x80), "not valid UTF-8");
        yield return In("integer of 255 bytes", Begin().Raw(0x8A, 255).Raw(new byte[255]), "an integer has 255 bytes");
        yield return In("float cut off", Begin().Op('G').Raw(1, 2, 3).ToArray(), "in the middle of a float");
        yield return In("memo's number cut off", Begin().Op('N').Op('r').Raw(1).ToArray(), "in the middle of a memo's number");
    }

    private static IEnumerable<HostileFile> Nesting()
    {
        foreach (var depth in (int[])[255, 256, 257])
            yield return In($"{depth} marks", Repeat(Begin().Op('N'), depth, "("u8), depth < 257 ? $"and {depth} marks" : "nested more than 256 deep");
        yield return In("300 tuples in each other", Repeat(Begin().Op('N'), 300, [0x85]), "nested more than 256 deep");
        yield return In("100,000 tuples in each other", Repeat(Begin().Op('N'), 100_000, [0x85]), "nested more than 256 deep");
        yield return In("300 lists in each other", Repeat(Repeat(Begin(), 300, "]"u8), 299, "a"u8), "nested more than 256 deep");
        yield return In("300 dicts in each other", Repeat(Repeat(Begin(), 300, "}K\0"u8).Op('N'), 300, "s"u8), "nested more than 256 deep");
    }

    /// <summary>Files of megabytes that reach a limit.</summary>
    public static IEnumerable<HostileFile> Limits()
    {
        yield return In("1,000,001 values on the stack", Repeat(Begin(), 1_000_001, "N"u8), "grows beyond 1000000");
        yield return In("2,000,001 lists", Repeat(Begin(), 4_002, [(byte)'(', .. Enumerable.Repeat((byte)']', 500), (byte)'t']), "more than 2000000 containers");
        var memo = Begin().Op('N');
        for (var i = 0; i <= 1_000_000; i++)
            memo.Op('r').U32((uint)i);
        yield return In("1,000,001 entries of the memo", memo, "the memo's entry 1000000");
    }

    private static PickleBytes Repeat(PickleBytes pickle, int times, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < times; i++)
            pickle.Raw(bytes);
        return pickle;
    }

    private static IEnumerable<HostileFile> PersistentIds()
    {
        PickleBytes Id(Func<PickleBytes, PickleBytes> items) => items(Begin().Op('(')).Op('t').Op('Q');
        PickleBytes Named(string key, PickleBytes begin) => begin.Text("storage").Global("torch", "FloatStorage").Text(key).Text("cpu");
        yield return In("id: a text", Begin().Text("storage").Op('Q'), "the persistent id is a text");
        yield return In("id: a list", Begin().Op(']').Op('Q'), "the persistent id is a list");
        yield return In("id: an empty tuple", Begin().Op(')').Op('Q'), "the persistent id is a tuple");
        yield return In("id: a number first", Id(b => b.Int(1)), "a tuple that begins with 'storage'");
        yield return In("id: a module", Id(b => b.Text("module").Global("torch", "Size").Text("f.py").Text("x")), "the persistent id is a 'module'");
        yield return In("id: one item", Id(b => b.Text("storage")), "the persistent id has 1 items");
        yield return In("id: six items", Id(b => Named("0", b).Int(4).Op('N')), "the persistent id has 6 items");
        yield return In("id: a text for the class", Id(b => b.Text("storage").Text("FloatStorage").Text("0").Text("cpu").Int(4)), "storage's type is a text");
        yield return In("id: a function for the class", Id(b => b.Text("storage").Global("torch", "Size").Text("0").Text("cpu").Int(4)), "type is 'torch.Size'");
        yield return In("id: an integer for the key", Id(b => b.Text("storage").Global("torch", "FloatStorage").Int(0).Text("cpu").Int(4)), "key is an integer");
        foreach (var key in (string[])["../version", "..", "/etc/passwd", "0/../0", "a", "", "-1", "0\0", "\u0660", "00000000000000000000000000"])
            yield return In($"id: key '{key}'", Id(b => Named(key, b).Int(4)), "digits are expected");
        yield return In("id: key that is not there", Id(b => Named("7", b).Int(4)), "no entry for the storage '7'");
        yield return In("id: key with a zero before", Id(b => Named("00", b).Int(4)), "no entry for the storage '00'");
        yield return In("id: a number for the place", Id(b => b.Text("storage").Global("torch", "FloatStorage").Text("0").Int(0).Int(4)), "location is an integer");
        foreach (var count in (long[])[0, 3, 5, 16, 1L << 32, 1L << 61, (1L << 62) + 1, long.MaxValue])
            yield return In($"id: {count} numbers in 16 bytes", Id(b => Named("0", b).Int(count)), $"is said to hold {count} numbers of 4 bytes and its entry has 16");
        yield return In("id: -4 numbers", Id(b => Named("0", b).Int(-4)), "size is -4");
        yield return In("id: 4.0 numbers", Id(b => Named("0", b).Float(4)), "size is a float");
        yield return In("id: 2^64 numbers", Id(b => Named("0", b).Raw(0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)), "size is an integer");
        yield return In("id: True numbers", Id(b => Named("0", b).Raw(0x88)), "size is a bool");
        yield return In("id: a class of twice the width", Begin().Storage("0", 4, "DoubleStorage"), "4 numbers of 8 bytes");
        yield return In("id: complex numbers", Begin().Storage("0", 2, "ComplexFloatStorage"), "is a torch.ComplexFloatStorage");
        yield return In("id: quantized numbers", Begin().Storage("0", 16, "QInt8Storage"), "is a torch.QInt8Storage");
    }

    private static IEnumerable<HostileFile> Tensors()
    {
        HostileFile One(string name, long offset, long[] shape, long[] strides, string rule) =>
            In($"tensor: {name}", Begin().Tensor("0", 4, offset, shape, strides), rule);
        yield return One("offset one beyond", 1, [4], [1], "reaches beyond its storage '0', which holds 4 numbers of F32");
        yield return One("offset far beyond", long.MaxValue, [1], [1], "reaches beyond");
        yield return One("empty, offset beyond", 5, [0], [1], "reaches beyond");
        yield return One("shape one beyond", 0, [5], [1], "reaches beyond");
        yield return One("stride one beyond", 0, [2, 2], [3, 1], "reaches beyond");
        yield return One("stride far beyond", 0, [2], [long.MaxValue], "reaches beyond");
        yield return One("strides whose sum wraps", 0, [3, 3, 3], [long.MaxValue, long.MaxValue, long.MaxValue], "reaches beyond");
        yield return One("sizes and strides of 2^62", 0, [1L << 62, 1], [1L << 62, 1], "reaches beyond");
        yield return One("scalar beyond", 4, [], [], "reaches beyond");
        yield return One("shape that wraps to 0", 0, [1L << 32, 1L << 32], [0, 0], "overflows 63 bits");
        yield return One("shape that wraps to 4", 0, [(1L << 62) + 1, 4], [0, 0], "overflows 63 bits");
        yield return One("expanded to 2^40", 0, [1L << 40], [0], "repeats numbers of its storage '0'");
        yield return One("expanded to 8", 0, [2, 4], [0, 1], "repeats numbers");
        yield return One("overlapping windows", 0, [3, 2], [1, 1], "repeats numbers");
        yield return One("negative offset", -1, [4], [1], "offset is -1");
        yield return One("negative size", 0, [-4], [1], "shape holds -4");
        yield return One("negative stride", 3, [4], [-1], "stride holds -1");
        yield return One("strides missing", 0, [2, 2], [1], "2 dimensions and 1 strides");
        yield return One("17 dimensions", 0, [.. Enumerable.Repeat(1L, 17)], [.. Enumerable.Repeat(1L, 17)], "has 17 dimensions");
    }

    private static PickleBytes Rebuild(Func<PickleBytes, PickleBytes> arguments, string name = "_rebuild_tensor_v2") =>
        arguments(Begin().Global("torch._utils", name).Op('(')).Op('t').Op('R');

    private static PickleBytes Gradient(PickleBytes pickle) => pickle.Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R');

    private static IEnumerable<HostileFile> Calls()
    {
        PickleBytes Placed(PickleBytes begin) => begin.Storage("0", 4).Int(0).Ints(4).Ints(1);
        PickleBytes Bytes(PickleBytes begin) => begin.Storage("0", 16, "UntypedStorage", "torch.storage").Int(0).Ints(4).Ints(1);
        yield return In("call: no arguments", Rebuild(b => b), "'torch._utils._rebuild_tensor_v2' is called with 0 arguments");
        yield return In("call: five arguments", Rebuild(b => Placed(b).Raw(0x89)), "is called with 5 arguments");
        yield return In("call: eight arguments", Rebuild(b => Gradient(Placed(b)).Op('N').Op('N')), "is called with 8 arguments");
        yield return In("call: a text for the storage", Rebuild(b => Gradient(b.Text("x").Int(0).Ints(4).Ints(1))), "takes a storage; a text");
        yield return In("call: a list for the shape", Rebuild(b => Gradient(b.Storage("0", 4).Int(0).Op(']').Ints(1))), "shape is a list");
        yield return In("call: a text in the shape", Rebuild(b => Gradient(b.Storage("0", 4).Int(0).Text("4").Raw(0x85).Ints(1))), "shape holds a text");
        yield return In("call: a text for the offset", Rebuild(b => Gradient(b.Storage("0", 4).Text("0").Ints(4).Ints(1))), "offset is a text");
        yield return In("call: hooks", Rebuild(b => Placed(b).Raw(0x89).Op('}').Text("k").Op('N').Op('s')), "takes a bool and no hooks");
        yield return In("call: a number for the gradient", Rebuild(b => Placed(b).Int(1).Op('N')), "takes a bool and no hooks");
        yield return In("call: conjugated", Rebuild(b => Gradient(Placed(b)).Op('}').Text("conj").Raw(0x88).Op('s')), "the flag 'conj'");
        yield return In("call: a list for the flags", Rebuild(b => Gradient(Placed(b)).Op(']')), "a list as its metadata");
        yield return In("call: bytes without a dtype", Rebuild(b => Gradient(Bytes(b))), "a storage without a type");
        yield return In("call: a class and a dtype", Rebuild(b => Gradient(Placed(b)).Global("torch", "int8"), "_rebuild_tensor_v3"), "a storage with a type");
        yield return In("call: a text for the dtype", Rebuild(b => Gradient(Bytes(b)).Text("int8"), "_rebuild_tensor_v3"), "takes a dtype; a text");
        yield return In("call: dtype too wide", Rebuild(b => Gradient(Bytes(b)).Global("torch", "float64"), "_rebuild_tensor_v3"), "holds 2 numbers of F64");
        yield return In("call: dtype not supported", Rebuild(b => Gradient(Bytes(b)).Global("torch", "float8_e8m0fnu"), "_rebuild_tensor_v3"), "dtype torch.float8_e8m0fnu");
        yield return In("call: parameter of a storage", Rebuild(b => Gradient(b.Storage("0", 4)), "_rebuild_parameter"), "takes a tensor, a bool and no hooks; a storage");
        yield return In("call: parameter with state", Rebuild(b => Gradient(b.Tensor("0", 4, 0, [4], [1])).Op('}'), "_rebuild_parameter"), "called with 4 arguments");
        yield return In("call: parameter with its own function", Rebuild(b => b.Op('N'), "_rebuild_parameter_with_state"), "'torch._utils._rebuild_parameter_with_state'");
    }
}
