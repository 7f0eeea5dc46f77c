namespace Octavo.Engine.Cache;

/// <summary>
/// A file of stored pages. Little-endian: a header of 64 bytes (magic, version, layers, key, page bytes, count, positions of a page, file
/// length, checksum of header and index), then one entry per page in the order of the tree (parent, flags, last use, hits, content,
/// checksum of its data, token ids), then the data from the next multiple of 4,096 on: each page's layers one after the other.
/// </summary>
internal static class PrefixFileLayout
{
    public const int Version = 1;
    public const int HeaderBytes = 64;
    public const int ChecksumOffset = 56;
    public const int EntryBytes = 40 + (PagePool.Positions * sizeof(int));
    public const string Extension = ".prefix";

    /// <summary>What a file is called until it is whole.</summary>
    public const string AsideExtension = ".incomplete";

    private const int DataAlignment = 4096;

    public static ReadOnlySpan<byte> Magic => "OCTAVOPX"u8;

    /// <summary>Where the data begins.</summary>
    public static long DataOffset(long count) =>
        (HeaderBytes + (count * EntryBytes) + DataAlignment - 1) / DataAlignment * DataAlignment;

    /// <summary>Where an entry's field lies in the index.</summary>
    public static int At(int entry, int field) => (entry * EntryBytes) + field;

    public const int ParentField = 0;
    public const int LastUseField = 8;
    public const int HitsField = 16;
    public const int ContentField = 24;
    public const int ChecksumField = 32;
    public const int TokensField = 40;
}
