using System.Buffers.Binary;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>
/// The form before torch 1.6: pickles of a magic number, the protocol, facts of the machine, the object and the storages' keys, then each
/// storage's count and bytes in the order of the keys.
/// </summary>
internal sealed class LegacyFile : IPickleStorages
{
    private const long Protocol = 1001;
    private static readonly Int128 _magic = new(0x1950, 0xA86A20F9469CFC6C);

    private readonly FileMemory _file;
    private readonly Dictionary<string, (StorageBytes Bytes, StorageId Id)> _storages = new(StringComparer.Ordinal);
    private long _position;

    private LegacyFile(FileMemory file) => _file = file;

    /// <summary>Reads what the file's pickle describes.</summary>
    public static object? ReadRoot(FileMemory file)
    {
        var legacy = new LegacyFile(file);
        legacy.CheckHead();
        var root = legacy.ReadPickle(legacy);
        legacy.PlaceStorages();
        return root;
    }

    /// <inheritdoc/>
    public PickleStorage Find(object? persistentId, PickleReader reader)
    {
        var id = StorageId.Read(persistentId, hasView: true, reader);
        if (id.Type.Kind == GlobalKind.UntypedStorage)
            throw reader.Bad($"the storage '{id.Key}' has no type; the old format needs one");
        if (!_storages.TryGetValue(id.Key, out var known))
        {
            var bytes = (UInt128)(ulong)id.Count * (ulong)id.NumberBytes;
            if (bytes > (ulong)_file.Length)
                throw reader.Bad($"the storage '{id.Key}' is said to hold {id.Count} numbers of {id.NumberBytes} bytes; the file has {_file.Length} bytes");
            known = (reader.Counted(new StorageBytes(id.Key, (long)bytes)), id);
            _storages.Add(id.Key, known);
        }
        if (known.Id.Type != id.Type || known.Id.Count != id.Count)
            throw reader.Bad($"the storage '{id.Key}' is named with two types or sizes");
        if (id.View is not { } view)
            return reader.Counted(new PickleStorage(known.Bytes, id.Type.Type, 0, id.Count));
        if (view.Items is not [string, long first and >= 0, long count and >= 0])
            throw reader.Bad($"the view of the storage '{id.Key}' is no key, offset and size");
        if (first > id.Count || count > id.Count - first)
            throw reader.Bad($"the view of the storage '{id.Key}' from {first} with {count} numbers reaches beyond its {id.Count}");
        return reader.Counted(new PickleStorage(known.Bytes, id.Type.Type, first, count));
    }

    private void CheckHead()
    {
        if (ReadPickle(null) is not Int128 magic || magic != _magic)
            throw TorchFile.Refusal(_file.Path, 0, "the file is a pickle, but none of torch.save: its magic number is missing");
        var at = _position;
        if (ReadPickle(null) is not Protocol)
            throw TorchFile.Refusal(_file.Path, at, $"the checkpoint's protocol is not {Protocol}");
        at = _position;
        if (ReadPickle(null) is not PickleDict facts || facts.Find("little_endian") is not bool isLittle)
            throw TorchFile.Refusal(_file.Path, at, "the checkpoint does not say its byte order");
        if (!isLittle)
            throw new UnsupportedException($"{_file.Path}: the checkpoint is big-endian; little-endian files are read. "
                + "Load it with torch and save it again on a little-endian machine.");
    }

    private void PlaceStorages()
    {
        var at = _position;
        if (ReadPickle(null) is not PickleList keys)
            throw TorchFile.Refusal(_file.Path, at, "the list of the storages' keys is missing");
        foreach (var item in keys.Items)
        {
            if (item is not string key || !_storages.TryGetValue(key, out var known))
                throw TorchFile.Refusal(_file.Path, at, $"the list of storages names {(item is string text ? $"'{PickleKind.Printable(text)}'" : PickleKind.Of(item))}, "
                    + "which no tensor uses");
            if (known.Bytes.Offset >= 0)
                throw TorchFile.Refusal(_file.Path, at, $"the list of storages names '{key}' twice");
            Place(known.Bytes, known.Id.Count);
        }
        foreach (var (key, (bytes, _)) in _storages)
        {
            if (bytes.Offset < 0)
                throw TorchFile.Refusal(_file.Path, at, $"the list of storages lacks '{key}'");
        }
        if (_position != _file.Length)
            throw TorchFile.Refusal(_file.Path, _position, $"{_file.Length - _position} bytes follow the last storage");
    }

    private void Place(StorageBytes bytes, long count)
    {
        if (_file.Length - _position < sizeof(long))
            throw TorchFile.Refusal(_file.Path, _position, $"the file ends before the storage '{bytes.Key}'");
        var stored = BinaryPrimitives.ReadInt64LittleEndian(_file.Bytes(_position, sizeof(long)));
        if (stored != count)
            throw TorchFile.Refusal(_file.Path, _position, $"the storage '{bytes.Key}' holds {stored} numbers here and {count} in the pickle");
        _position += sizeof(long);
        if (bytes.Length > _file.Length - _position)
            throw TorchFile.Refusal(_file.Path, _position, $"the storage '{bytes.Key}' takes {bytes.Length} bytes and {_file.Length - _position} follow");
        bytes.Offset = _position;
        _position += bytes.Length;
    }

    private object? ReadPickle(IPickleStorages? storages)
    {
        var reader = new PickleReader(_file, _position, _file.Length, storages);
        var value = reader.Read();
        _position = reader.Position;
        return value;
    }
}
