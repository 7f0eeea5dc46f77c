using Octavo.Core.Tensors;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>What a tensor of an honest checkpoint must be read as.</summary>
internal sealed record ExpectedTensor(string Name, TensorType Type, long[] Shape, byte[] Bytes);

/// <summary>An honest checkpoint, its bytes and what must come out.</summary>
internal sealed record HonestCheckpoint(string Name, byte[] Bytes, ExpectedTensor[] Tensors, string? Note = null)
{
    public override string ToString() => Name;
}

/// <summary>Checkpoints as torch.save writes them: every type, both forms, and what state dicts hold beside tensors.</summary>
internal static class HonestCheckpoints
{
    private static readonly (string Storage, TensorType Type)[] _typed =
    [
        ("FloatStorage", TensorType.F32), ("HalfStorage", TensorType.F16), ("BFloat16Storage", TensorType.BF16), ("DoubleStorage", TensorType.F64),
        ("LongStorage", TensorType.I64), ("IntStorage", TensorType.I32), ("ShortStorage", TensorType.I16), ("CharStorage", TensorType.I8),
        ("ByteStorage", TensorType.U8), ("BoolStorage", TensorType.Bool),
    ];

    private static readonly (string DataType, TensorType Type)[] _untyped =
    [
        ("uint16", TensorType.U16), ("uint32", TensorType.U32), ("uint64", TensorType.U64),
        ("float8_e4m3fn", TensorType.F8E4M3), ("float8_e5m2", TensorType.F8E5M2),
    ];

    public static IEnumerable<HonestCheckpoint> All => [.. Types(), .. Layouts(), .. Forms(), .. Wrappers(), .. Old()];

    public static TorchStorage Storage(string type, int count, int seed = 1)
    {
        var storage = new TorchStorage(type, new byte[count * new TorchStorage(type, []).NumberBytes]);
        for (var i = 0; i < storage.Data.Length; i++)
            storage.Data[i] = (byte)((i * 37) + (seed * 11));
        return storage;
    }

    private static ExpectedTensor Whole(string name, TensorType type, TorchStorage storage, params long[] shape) => new(name, type, shape, storage.Data);

    private static IEnumerable<HonestCheckpoint> Types()
    {
        foreach (var (name, type) in _typed)
        {
            var storage = Storage(name, 6);
            yield return new($"type {type}", TorchBytes.Archive(TorchDict.Of(("layer.weight", new TorchTensor(storage, [2, 3])))),
                [Whole("layer.weight", type, storage, 2, 3)]);
        }
        foreach (var (name, type) in _untyped)
        {
            var storage = Storage("UntypedStorage", 6 * type.BlockBytes());
            yield return new($"type {type} of bytes", TorchBytes.Archive(TorchDict.Of(("w", new TorchTensor(storage, [2, 3], DataType: name)))),
                [Whole("w", type, storage, 2, 3)]);
        }
        var all = _typed.Select((pair, i) => (pair.Type, Storage: Storage(pair.Storage, 4, i))).ToList();
        yield return new("all types at once", TorchBytes.Archive(TorchDict.Of(
                [.. all.Select(pair => ((object?)$"t.{pair.Type}", (object?)new TorchTensor(pair.Storage, [4])))])),
            [.. all.Select(pair => Whole($"t.{pair.Type}", pair.Type, pair.Storage, 4))]);
    }

    private static IEnumerable<HonestCheckpoint> Layouts()
    {
        var (a, b) = (Storage("FloatStorage", 12), Storage("HalfStorage", 12, 2));
        yield return new("parameters", TorchBytes.Archive(TorchDict.Of(("a", new TorchTensor(a, [3, 4]) { IsParameter = true }),
                ("b", new TorchTensor(b, [12]) { IsParameter = true }))),
            [Whole("a", TensorType.F32, a, 3, 4), Whole("b", TensorType.F16, b, 12)]);
        var tied = new TorchTensor(a, [3, 4]);
        yield return new("tied: one tensor twice", TorchBytes.Archive(TorchDict.Of(("embed", tied), ("head", tied))),
            [Whole("embed", TensorType.F32, a, 3, 4), Whole("head", TensorType.F32, a, 3, 4)]);
        yield return new("tied: two tensors on one storage", TorchBytes.Archive(TorchDict.Of(("embed", tied), ("head", new TorchTensor(a, [4, 3])))),
            [Whole("embed", TensorType.F32, a, 3, 4), Whole("head", TensorType.F32, a, 4, 3)]);
        yield return new("slices with offsets", TorchBytes.Archive(TorchDict.Of(("first", new TorchTensor(a, [4])),
                ("second", new TorchTensor(a, [2, 4], Offset: 4)), ("last", new TorchTensor(a, [], Offset: 11)), ("none", new TorchTensor(a, [0, 4], Offset: 12)))),
            [new("first", TensorType.F32, [4], a.Data[..16]), new("second", TensorType.F32, [2, 4], a.Data[16..48]),
                new("last", TensorType.F32, [], a.Data[44..]), new("none", TensorType.F32, [0, 4], [])]);
        foreach (var storage in (TorchStorage[])[a, b, Storage("ByteStorage", 12), Storage("DoubleStorage", 12)])
        {
            var size = storage.NumberBytes;
            byte[] Numbers(params int[] at) => [.. at.SelectMany(i => storage.Data.Skip(i * size).Take(size))];
            var type = _typed.Single(pair => pair.Storage == storage.Type).Type;
            yield return new($"transposed and cut, {type}", TorchBytes.Archive(TorchDict.Of(("t", new TorchTensor(storage, [4, 3], [1, 4])),
                    ("column", new TorchTensor(storage, [3], [4], 1)), ("cube", new TorchTensor(storage, [2, 2, 2], [1, 6, 3], 1)),
                    ("odd", new TorchTensor(storage, [1, 3, 1], [99, 1, 7])))),
                [new("t", type, [4, 3], Numbers(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11)), new("column", type, [3], Numbers(1, 5, 9)),
                    new("cube", type, [2, 2, 2], Numbers(1, 4, 7, 10, 2, 5, 8, 11)), new("odd", type, [1, 3, 1], Numbers(0, 1, 2))]);
        }
        var empty = Storage("FloatStorage", 0);
        yield return new("an empty tensor", TorchBytes.Archive(TorchDict.Of(("a", new TorchTensor(empty, [0, 3])), ("b", new TorchTensor(a, [12])))),
            [Whole("a", TensorType.F32, empty, 0, 3), Whole("b", TensorType.F32, a, 12)]);
    }

    private static IEnumerable<HonestCheckpoint> Forms()
    {
        var storage = Storage("BFloat16Storage", 6);
        var dict = TorchDict.Of(("weight", new TorchTensor(storage, [6])));
        ExpectedTensor[] expected = [Whole("weight", TensorType.BF16, storage, 6)];
        foreach (var root in (string[])["archive", "pytorch_model", "model.v2", "mein Modell (1)", "模型"])
            yield return new($"archive '{root}'", TorchBytes.Archive(dict, root), expected);
        foreach (var protocol in (byte[])[2, 3, 4, 5])
            yield return new($"protocol {protocol}", TorchBytes.Archive(dict, protocol: protocol), expected);
        yield return new("not aligned", TorchBytes.Archive(dict, zip: new ZipBytes { Aligned = false }), expected);
        yield return new("no zip64", TorchBytes.Archive(dict, zip: new ZipBytes { Zip64 = false }), expected);
        var pickle = new TorchBytes().Write(dict);
        yield return new("torch 1.6: no byte order", new ZipBytes().Write(new ZipPart("archive/data.pkl", pickle),
            new ZipPart("archive/data/0", storage.Data), new ZipPart("archive/version", "3\n"u8.ToArray())), expected);
        yield return new("version in .data, folders as entries", new ZipBytes().Write(new ZipPart("x/", []), new ZipPart("x/data.pkl", pickle),
            new ZipPart("x/data/", []), new ZipPart("x/data/0", storage.Data), new ZipPart("x/.data/version", "10\n"u8.ToArray())), expected);
        var many = Enumerable.Range(0, 2500).Select(i => ((object?)$"layers.{i}.weight", (object?)new TorchTensor(storage, [1], Offset: i % 6))).ToArray();
        yield return new("2,500 tensors", TorchBytes.Archive(TorchDict.Of(many)),
            [.. many.Select((pair, i) => new ExpectedTensor((string)pair.Item1!, TensorType.BF16, [1], storage.Data[(i % 6 * 2)..((i % 6 * 2) + 2)]))]);
    }

    private static IEnumerable<HonestCheckpoint> Wrappers()
    {
        var storage = Storage("FloatStorage", 4);
        var tensor = new TorchTensor(storage, [4]);
        ExpectedTensor[] expected = [Whole("w", TensorType.F32, storage, 4)];
        var state = TorchDict.Of(("w", tensor));
        yield return new("plain dict with other values", TorchBytes.Archive(TorchDict.Plain(("w", tensor), ("step", 70_000L), ("big", -5_000_000_000L),
            ("rate", 0.5), ("name", "ünï"), ("none", null), ("yes", true), ("list", new List<object?> { 1L, "a", new object?[] { 1L, 2L, 3L, 4L } }),
            ("dtype", new TorchName("torch", "float16")), ("inner", TorchDict.Plain((1L, "one"))))), expected);
        yield return new("state_dict", TorchBytes.Archive(TorchDict.Plain(("epoch", 3L), ("state_dict", state), ("best", 0.5))), expected,
            "The weights are the file's entry 'state_dict'; not used: epoch, best.");
        yield return new("model", TorchBytes.Archive(TorchDict.Plain(("model", state), ("optimizer", TorchDict.Plain(("state",
                TorchDict.Plain((0L, TorchDict.Plain(("exp_avg", tensor))))), ("param_groups", new List<object?>()))))), expected,
            "The weights are the file's entry 'model'; not used: optimizer.");
        yield return new("state_dict beside a tensor", TorchBytes.Archive(TorchDict.Plain(("best_acc1", tensor), ("state_dict", state))), expected,
            "The weights are the file's entry 'state_dict'; not used: best_acc1.");
        yield return new("two levels", TorchBytes.Archive(TorchDict.Plain(("args", null), ("checkpoint", TorchDict.Plain(("net", state))))), expected,
            "The weights are the file's entry 'checkpoint/net'; not used: args.");
        yield return new("module alone", TorchBytes.Archive(TorchDict.Plain(("module", state))), expected, "The weights are the file's entry 'module'.");
    }

    private static IEnumerable<HonestCheckpoint> Old()
    {
        var (a, b) = (Storage("FloatStorage", 6), Storage("LongStorage", 3, 2));
        var dict = TorchDict.Of(("a", new TorchTensor(a, [2, 3])), ("b", new TorchTensor(b, [3])), ("c", new TorchTensor(a, [3], Offset: 3)));
        ExpectedTensor[] expected = [Whole("a", TensorType.F32, a, 2, 3), Whole("b", TensorType.I64, b, 3), new("c", TensorType.F32, [3], a.Data[12..])];
        yield return new("old form", TorchBytes.Legacy(dict), expected);
        yield return new("old form, protocol 4", TorchBytes.Legacy(dict, 4), expected);
        yield return new("old form, model", TorchBytes.Legacy(TorchDict.Plain(("model", dict), ("epoch", 1L))), expected,
            "The weights are the file's entry 'model'; not used: epoch.");
        yield return new("old form, views and old tensors", TorchBytes.Legacy(TorchDict.Plain(
                ("whole", new TorchTensor(a, [6]) { IsOld = true }), ("view", new TorchTensor(a, [2], Offset: 1) { IsOld = true, View = (3, 3) }))),
            [Whole("whole", TensorType.F32, a, 6), new("view", TensorType.F32, [2], a.Data[16..24])]);
        // Python 2: an OrderedDict made from a list of pairs, and texts of bytes.
        byte[] body = [.. PickleBytes.Begin().Global("collections", "OrderedDict").Raw("]q\0]q\u0001(U\u0001wq\u0002"u8)
            .Global("torch._utils", "_rebuild_tensor_v2").Op('(').Op('(').Raw("U\u0007storage"u8).Global("torch", "FloatStorage")
            .Raw("U\u0002"u8).Raw("14"u8).Raw("U\u0003cpu"u8).Int(6).Op('N').Op('t').Op('Q').Int(0).Ints(6).Ints(1).TensorEnd()
            .Op('e').Op('a').Raw(0x85).Op('R').End()];
        byte[] keys = [.. PickleBytes.Begin().Raw("]q\0U\u000214a"u8).End()];
        yield return new("old form of Python 2", [.. TorchBytes.Head(), .. body, .. keys, .. BitConverter.GetBytes(6L), .. a.Data],
            [Whole("w", TensorType.F32, a, 6)]);
    }
}
