using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>The bytes of one storage in the file; tensors may share it.</summary>
/// <param name="key">Its name in the checkpoint: digits.</param>
/// <param name="bytes">Its length.</param>
internal sealed class StorageBytes(string key, long bytes)
{
    public string Key => key;

    public long Length => bytes;

    /// <summary>The first byte in the file. In the old format it is known when the pickle has been read.</summary>
    public long Offset { get; set; } = -1;
}

/// <summary>A storage as a pickle names it: bytes, and how their numbers are to be read.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Type">The numbers' type; null for bytes whose tensors say it.</param>
/// <param name="First">The first number; not 0 only for the views of the oldest checkpoints.</param>
/// <param name="Count">How many numbers (bytes, where there is no type).</param>
internal sealed record PickleStorage(StorageBytes Bytes, TensorType? Type, long First, long Count);

/// <summary>The tuple that stands for a storage in a pickle: ('storage', type, key, location, count).</summary>
/// <param name="Type">The storage's class.</param>
/// <param name="Key">Digits.</param>
/// <param name="Count">How many numbers it holds.</param>
/// <param name="View">In the old format, the part of the storage that is meant, or null.</param>
internal sealed record StorageId(PickleGlobal Type, string Key, long Count, PickleTuple? View)
{
    private const int LongestKey = 24;

    /// <summary>How many bytes a number takes.</summary>
    public int NumberBytes => Type.Type?.BlockBytes() ?? 1;

    /// <summary>Reads a persistent id.</summary>
    /// <param name="value">What stands on the stack.</param>
    /// <param name="hasView">Whether a sixth item, the view, is expected.</param>
    /// <param name="reader">For refusals.</param>
    public static StorageId Read(object? value, bool hasView, PickleReader reader)
    {
        if (value is not PickleTuple { Items: var items } || items is not [string kind, ..])
            throw reader.Bad($"the persistent id is {PickleKind.Of(value)}; a tuple that begins with 'storage' is expected");
        if (kind != "storage")
            throw reader.Bad($"the persistent id is a '{PickleKind.Printable(kind)}'; only storages are allowed");
        if (items.Length != (hasView ? 6 : 5))
            throw reader.Bad($"the persistent id has {items.Length} items; a storage has {(hasView ? 6 : 5)}");
        if (items[1] is not PickleGlobal { Kind: GlobalKind.TypedStorage or GlobalKind.UntypedStorage } type)
            throw reader.Bad($"the storage's type is {PickleKind.Of(items[1])}; a storage class is expected");
        if (items[2] is not string key || key.Length is 0 or > LongestKey || key.AsSpan().ContainsAnyExceptInRange('0', '9'))
            throw reader.Bad($"the storage's key is {(items[2] is string text ? $"'{PickleKind.Printable(text)}'" : PickleKind.Of(items[2]))}; "
                + "digits are expected");
        if (items[3] is not string)
            throw reader.Bad($"the storage's location is {PickleKind.Of(items[3])}; a text is expected");
        if (items[4] is not long count || count < 0)
            throw reader.Bad($"the storage's size is {(items[4] is long below ? below : PickleKind.Of(items[4]))}; a number from 0 is expected");
        if (hasView && items[5] is not (null or PickleTuple))
            throw reader.Bad($"the storage's view is {PickleKind.Of(items[5])}; a tuple or None is expected");
        if (type is { Kind: GlobalKind.TypedStorage, Type: null })
        {
            throw new UnsupportedException($"{reader.Path}: byte {reader.At}: the storage '{key}' is a {type.Name}. Supported are the storages "
                + "of floats, whole numbers and bools; convert the tensor before it is saved.");
        }
        return new StorageId(type, key, count, hasView ? (PickleTuple?)items[5] : null);
    }
}

/// <summary>Gives the storages that a pickle names.</summary>
internal interface IPickleStorages
{
    /// <summary>The storage behind a persistent id.</summary>
    /// <exception cref="CheckpointException">There is none, or its size is another.</exception>
    PickleStorage Find(object? persistentId, PickleReader reader);
}
