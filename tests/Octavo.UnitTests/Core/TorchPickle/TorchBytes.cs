using System.Text;

namespace Octavo.UnitTests.Core.TorchPickle;

/// <summary>A storage: the name of its class and its bytes.</summary>
internal sealed record TorchStorage(string Type, byte[] Data)
{
    /// <summary>Bytes to a number; 1 for bytes without a type.</summary>
    public int NumberBytes => Type switch
    {
        "DoubleStorage" or "LongStorage" => 8,
        "FloatStorage" or "IntStorage" => 4,
        "HalfStorage" or "BFloat16Storage" or "ShortStorage" => 2,
        _ => 1,
    };

    public long Count => Data.Length / NumberBytes;
}

/// <summary>A tensor: its storage and its place in it. <paramref name="DataType"/> is the dtype of what lies in bytes without a type.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long[] Shape, long[]? Strides = null, long Offset = 0, string? DataType = null)
{
    public bool IsParameter { get; init; }

    /// <summary>The four arguments of torch 0.3 and before.</summary>
    public bool IsOld { get; init; }

    /// <summary>In the old format, the part of the storage that the tensor sees.</summary>
    public (long First, long Count)? View { get; init; }

    public long[] StridesOrRows()
    {
        if (Strides is not null)
            return Strides;
        var strides = new long[Shape.Length];
        for (long i = Shape.Length - 1, step = 1; i >= 0; step *= Math.Max(1, Shape[i]), i--)
            strides[i] = step;
        return strides;
    }
}

/// <summary>A dict or OrderedDict with its attributes.</summary>
internal sealed record TorchDict((object? Key, object? Value)[] Items, bool IsOrdered = true, object? Attributes = null)
{
    /// <summary>A state dict with torch's _metadata.</summary>
    public static TorchDict Of(params (object? Key, object? Value)[] items) => new(items, Attributes: new TorchDict([("_metadata",
        new TorchDict([("", new TorchDict([("version", 1L)], false)), ("layer", new TorchDict([("version", 1L)], false))]))], false));

    public static TorchDict Plain(params (object? Key, object? Value)[] items) => new(items, false);
}

/// <summary>A name that is pickled by reference.</summary>
internal sealed record TorchName(string Module, string Name);

/// <summary>Writes objects in the order and with the opcodes of Python's pickler under torch.save.</summary>
internal sealed class TorchBytes(byte protocol = 2, bool isLegacy = false)
{
    private readonly PickleBytes _pickle = new();
    private readonly Dictionary<object, uint> _memo = [];
    private uint _used;

    public List<TorchStorage> Storages { get; } = [];

    /// <summary>The key of a storage: a running number, or in the old format what was an address.</summary>
    public string KeyOf(TorchStorage storage)
    {
        var at = Storages.FindIndex(known => ReferenceEquals(known, storage));
        if (at < 0)
        {
            Storages.Add(storage);
            at = Storages.Count - 1;
        }
        return isLegacy ? $"{94_000_000_000_000 - at}" : $"{at}";
    }

    public byte[] Write(object? value)
    {
        Save(value);
        _pickle.Op('.');
        var body = _pickle.ToArray();
        return protocol < 4
            ? PickleBytes.Begin(protocol).Raw(body).ToArray()
            : PickleBytes.Begin(protocol).Raw(0x95).U64((ulong)body.Length).Raw(body).ToArray();
    }

    /// <summary>A file of torch 1.6 and later.</summary>
    public static byte[] Archive(object? value, string root = "archive", byte protocol = 2, ZipBytes? zip = null)
    {
        var writer = new TorchBytes(protocol);
        List<ZipPart> parts = [new($"{root}/data.pkl", writer.Write(value)), new($"{root}/.format_version", "1"u8.ToArray()),
            new($"{root}/.storage_alignment", "64"u8.ToArray()), new($"{root}/byteorder", "little"u8.ToArray())];
        parts.AddRange(writer.Storages.Select((storage, i) => new ZipPart($"{root}/data/{i}", storage.Data)));
        parts.Add(new($"{root}/version", "3\n"u8.ToArray()));
        parts.Add(new($"{root}/.data/serialization_id", Encoding.ASCII.GetBytes(new string('0', 40))));
        return (zip ?? new ZipBytes()).Write(parts);
    }

    /// <summary>A file of torch before 1.6.</summary>
    public static byte[] Legacy(object? value, byte protocol = 2)
    {
        var writer = new TorchBytes(protocol, isLegacy: true);
        var body = writer.Write(value);
        var order = writer.Storages.Select(storage => (Key: writer.KeyOf(storage), storage)).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        List<byte> file = [.. Head(), .. body, .. new TorchBytes(protocol).Write(order.Select(pair => (object?)pair.Key).ToList())];
        foreach (var (_, storage) in order)
            file.AddRange([.. BitConverter.GetBytes(storage.Count), .. storage.Data]);
        return [.. file];
    }

    /// <summary>Magic number, protocol and facts of the machine.</summary>
    public static byte[] Head(byte[]? magic = null, long protocol = 1001, object? little = null) =>
    [
        .. PickleBytes.Begin().Raw(0x8A, 10).Raw(magic ?? [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]).End(),
        .. new TorchBytes().Write(protocol),
        .. new TorchBytes().Write(TorchDict.Plain(("protocol_version", 1001L), ("little_endian", little ?? true),
            ("type_sizes", TorchDict.Plain(("short", 2L), ("int", 4L), ("long", 4L))))),
    ];

    private void Save(object? value)
    {
        switch (value)
        {
            case null: _pickle.Op('N'); break;
            case bool flag: _pickle.Raw(flag ? (byte)0x88 : (byte)0x89); break;
            case long number: _pickle.Int(number); break;
            case double number: _pickle.Float(number); break;
            case string text: SaveText(text); break;
            case TorchName name: SaveName(name); break;
            case TorchDict dict: SaveDict(dict); break;
            case TorchTensor tensor: SaveTensor(tensor); break;
            case object?[] tuple: SaveTuple(tuple); break;
            case List<object?> list: SaveList(list); break;
            default: throw new ArgumentException($"{value.GetType()} is not written here", nameof(value));
        }
    }

    private void SaveText(string text)
    {
        if (Recall(text))
            return;
        _ = protocol >= 4 && text.Length < 256 ? _pickle.ShortText(text) : _pickle.Text(text);
        Memoize(text);
    }

    private void SaveName(TorchName name)
    {
        if (Recall(name))
            return;
        if (protocol >= 4)
        {
            SaveText(name.Module);
            SaveText(name.Name);
            _pickle.Raw(0x93);
        }
        else
        {
            _pickle.Global(name.Module, name.Name);
        }
        Memoize(name);
    }

    private void SaveDict(TorchDict dict)
    {
        if (dict.IsOrdered)
        {
            SaveName(new TorchName("collections", "OrderedDict"));
            _pickle.Op(')').Op('R');
        }
        else
        {
            _pickle.Op('}');
        }
        Memoize(new object());
        foreach (var batch in dict.Items.Chunk(1000))
        {
            if (batch.Length > 1)
                _pickle.Op('(');
            foreach (var (key, item) in batch)
            {
                Save(key);
                Save(item);
            }
            _pickle.Op(batch.Length > 1 ? 'u' : 's');
        }
        if (dict.Attributes is null)
            return;
        Save(dict.Attributes);
        _pickle.Op('b');
    }

    private void SaveList(List<object?> list)
    {
        _pickle.Op(']');
        Memoize(new object());
        if (list.Count == 0)
            return;
        if (list.Count > 1)
            _pickle.Op('(');
        list.ForEach(Save);
        _pickle.Op(list.Count > 1 ? 'e' : 'a');
    }

    private void SaveTuple(object?[] tuple)
    {
        if (tuple.Length == 0)
        {
            _pickle.Op(')');
            return;
        }
        if (tuple.Length > 3)
            _pickle.Op('(');
        Array.ForEach(tuple, Save);
        _pickle.Raw(tuple.Length > 3 ? (byte)'t' : (byte)(0x84 + tuple.Length));
        Memoize(new object());
    }

    private void SaveTensor(TorchTensor tensor)
    {
        if (Recall(tensor))
            return;
        if (tensor.IsParameter)
        {
            SaveName(new TorchName("torch._utils", "_rebuild_parameter"));
            _pickle.Op('(');
        }
        SaveName(new TorchName("torch._utils", tensor.IsOld ? "_rebuild_tensor" : tensor.DataType is null ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3"));
        _pickle.Op('(');
        SaveStorage(tensor);
        Save(tensor.Offset);
        SaveTuple([.. tensor.Shape.Select(size => (object?)size)]);
        SaveTuple([.. tensor.StridesOrRows().Select(size => (object?)size)]);
        if (!tensor.IsOld)
            SaveGradient(false);
        if (tensor.DataType is not null)
            SaveName(new TorchName("torch", tensor.DataType));
        EndCall();
        if (tensor.IsParameter)
        {
            SaveGradient(true);
            EndCall();
        }
        _memo.Add(tensor, _used - 1);
    }

    private void SaveGradient(bool gradient)
    {
        Save(gradient);
        SaveDict(new TorchDict([]));
    }

    private void EndCall()
    {
        _pickle.Op('t');
        Memoize(new object());
        _pickle.Op('R');
        Memoize(new object());
    }

    private void SaveStorage(TorchTensor tensor)
    {
        var (storage, key) = (tensor.Storage, KeyOf(tensor.Storage));
        var name = new TorchName(storage.Type == "UntypedStorage" ? "torch.storage" : "torch", storage.Type);
        List<object?> id = ["storage", name, key, "cpu", storage.Count];
        if (isLegacy)
            id.Add(tensor.View is var (first, count) ? new object?[] { key, first, count } : null);
        SaveTuple([.. id]);
        _pickle.Op('Q');
    }

    private bool Recall(object value)
    {
        if (!_memo.TryGetValue(value, out var number))
            return false;
        _ = number < 256 ? _pickle.Op('h').Raw((byte)number) : _pickle.Op('j').U32(number);
        return true;
    }

    private void Memoize(object value)
    {
        if (protocol >= 4)
            _pickle.Raw(0x94);
        else if (_used < 256)
            _pickle.Op('q').Raw((byte)_used);
        else
            _pickle.Op('r').U32(_used);
        _memo.TryAdd(value, _used++);
    }
}
