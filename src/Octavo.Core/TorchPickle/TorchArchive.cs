using System.Text;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>
/// The form since torch 1.6: a zip archive of <c>ROOT/data.pkl</c>, <c>ROOT/version</c>, <c>ROOT/byteorder</c> and one entry
/// <c>ROOT/data/KEY</c> for each storage.
/// </summary>
internal sealed class TorchArchive : IPickleStorages
{
    private const int MaxVersion = 10;
    private const int LongestText = 32;

    private readonly FileMemory _file;
    private readonly Dictionary<string, ZipEntry> _entries;
    private readonly string _root;
    private readonly Dictionary<string, StorageBytes> _storages = new(StringComparer.Ordinal);

    private TorchArchive(FileMemory file)
    {
        _file = file;
        _entries = ZipDirectory.Read(file);
        _root = FindRoot();
    }

    /// <summary>Reads what the archive's pickle describes.</summary>
    public static object? ReadRoot(FileMemory file)
    {
        var archive = new TorchArchive(file);
        archive.CheckForm();
        var pickle = archive.Find("data.pkl")
            ?? throw TorchFile.Refusal(file.Path, 0, $"the zip archive has no entry '{PickleKind.Printable(archive._root)}/data.pkl'");
        var end = pickle.Offset + pickle.Length;
        var reader = new PickleReader(file, pickle.Offset, end, archive);
        var value = reader.Read();
        return reader.Position == end ? value : throw reader.Bad($"{end - reader.Position} bytes follow the pickle's end in data.pkl");
    }

    /// <inheritdoc/>
    public PickleStorage Find(object? persistentId, PickleReader reader)
    {
        var id = StorageId.Read(persistentId, hasView: false, reader);
        if (Find("data/" + id.Key) is not { } entry)
            throw reader.Bad($"the zip archive has no entry for the storage '{id.Key}'");
        if ((UInt128)(ulong)id.Count * (ulong)id.NumberBytes != (ulong)entry.Length)
            throw reader.Bad($"the storage '{id.Key}' is said to hold {id.Count} numbers of {id.NumberBytes} bytes and its entry has {entry.Length} bytes");
        if (!_storages.TryGetValue(id.Key, out var bytes))
            _storages.Add(id.Key, bytes = reader.Counted(new StorageBytes(id.Key, entry.Length) { Offset = entry.Offset }));
        return reader.Counted(new PickleStorage(bytes, id.Type.Type, 0, id.Count));
    }

    private string FindRoot()
    {
        string? root = null;
        foreach (var name in _entries.Keys)
        {
            var slash = name.IndexOf('/');
            if (slash < 0)
                throw TorchFile.Refusal(_file.Path, _entries[name].Header, $"the zip entry '{PickleKind.Printable(name)}' lies in no folder; "
                    + "torch puts all into one");
            root ??= name[..slash];
            if (!name.AsSpan(0, slash).SequenceEqual(root))
                throw TorchFile.Refusal(_file.Path, _entries[name].Header, $"the zip entries lie in the folders '{PickleKind.Printable(root)}' and "
                    + $"'{PickleKind.Printable(name[..slash])}'; torch puts all into one");
        }
        return root ?? throw TorchFile.Refusal(_file.Path, 0, "the zip archive is empty");
    }

    private void CheckForm()
    {
        if (Find("constants.pkl") is not null)
        {
            throw new UnsupportedException($"{_file.Path}: this is a TorchScript archive: it holds a program, not only weights. "
                + "Save the model's state_dict with torch.save, or get the model as safetensors.");
        }
        var version = ReadText("version") ?? ReadText(".data/version");
        if (version is null || !int.TryParse(version, out var number) || number < 1)
            throw TorchFile.Refusal(_file.Path, 0, version is null
                ? "the zip archive has no entry 'version': it is no checkpoint of torch.save"
                : $"the archive's version is '{PickleKind.Printable(version)}'; a number is expected");
        if (number > MaxVersion)
            throw new UnsupportedException($"{_file.Path}: the archive has the format version {number}; up to {MaxVersion} are read.");
        if (ReadText("byteorder") is { } order && order != "little")
            throw new UnsupportedException($"{_file.Path}: the archive's byte order is '{PickleKind.Printable(order)}'; little-endian files are read. "
                + "Load it with torch and save it again on a little-endian machine.");
    }

    private string? ReadText(string name)
    {
        if (Find(name) is not { } entry)
            return null;
        if (entry.Length > LongestText)
            throw TorchFile.Refusal(_file.Path, entry.Offset, $"the archive's '{name}' has {entry.Length} bytes; at most {LongestText} are allowed");
        return Encoding.UTF8.GetString(_file.Bytes(entry.Offset, (int)entry.Length)).TrimEnd('\n');
    }

    private ZipEntry? Find(string name) => _entries.GetValueOrDefault($"{_root}/{name}");
}
