using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Octavo.Core;
using Layout = Octavo.Engine.Cache.PrefixFileLayout;

namespace Octavo.Engine.Cache;

/// <summary>Writes stored pages to a file that appears under its name only when it is whole.</summary>
internal static class PrefixFileWriter
{
    /// <summary>Writes nodes whose pages are held for the writer; those that are in another file only are copied from there.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="key">The model's key.</param>
    /// <param name="nodes">Parents before children.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="pool">Where the pages are.</param>
    /// <exception cref="InputFileException">The file cannot be written, or one that is copied from is damaged.</exception>
    public static void Write(string path, UInt128 key, IReadOnlyList<HeldNode> nodes, int layers, PagePool pool)
    {
        // a name of its own: others may write the same file at the same time, the last one stays
        var aside = $"{path}.{Guid.NewGuid():N}{Layout.AsideExtension}";
        try
        {
            using (var handle = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
                Write(handle, key, nodes, layers, pool);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException($"{path}: the stored pages cannot be written: {error.Message}", error);
        }
        finally
        {
            // What an error left is of no use.
            if (File.Exists(aside))
                File.Delete(aside);
        }
    }

    private static void Write(SafeFileHandle handle, UInt128 key, IReadOnlyList<HeldNode> nodes, int layers, PagePool pool)
    {
        var index = new byte[nodes.Count * Layout.EntryBytes];
        var places = new Dictionary<PrefixNode, int>();
        var offset = Layout.DataOffset(nodes.Count);
        var buffer = new byte[pool.PageBytes];
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i].Node;
            places[node] = i;
            var entry = index.AsSpan(Layout.At(i, 0), Layout.EntryBytes);
            BinaryPrimitives.WriteInt32LittleEndian(entry, node.Parent is { } parent && places.TryGetValue(parent, out var place) ? place : -1);
            // Ranks in place of this process's count, which means nothing to the next one.
            BinaryPrimitives.WriteInt64LittleEndian(entry[Layout.LastUseField..], nodes.Count - i);
            BinaryPrimitives.WriteInt64LittleEndian(entry[Layout.HitsField..], node.Hits);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[Layout.ContentField..], node.Tokens.Content);
            MemoryMarshal.AsBytes(node.Tokens.Ids.Span).CopyTo(entry[Layout.TokensField..]);
            var sum = new Checksum(0);
            for (var layer = 0; layer < layers; layer++, offset += buffer.Length)
            {
                Fetch(nodes[i], layer, buffer, pool);
                sum.Add(buffer);
                RandomAccess.Write(handle, buffer, offset);
            }
            if (nodes[i].Pages is null)
                nodes[i].Source!.Check(nodes[i].SourceIndex, sum.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[Layout.ChecksumField..], sum.Value);
        }
        var header = Header(key, nodes.Count, layers, pool.PageBytes, offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(Layout.ChecksumOffset), PrefixFile.SumOf(header, index));
        RandomAccess.Write(handle, header, 0);
        RandomAccess.Write(handle, index, Layout.HeaderBytes);
        RandomAccess.SetLength(handle, offset);
        RandomAccess.FlushToDisk(handle);
    }

    private static byte[] Header(UInt128 key, int count, int layers, long pageBytes, long length)
    {
        var header = new byte[Layout.HeaderBytes];
        Layout.Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Layout.Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), layers);
        BinaryPrimitives.WriteUInt128LittleEndian(header.AsSpan(16), key);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), pageBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(44), PagePool.Positions);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(48), length);
        return header;
    }

    private static void Fetch(HeldNode node, int layer, byte[] buffer, PagePool pool)
    {
        if (node.Pages is { } pages)
            pool.Read(pages[layer], buffer);
        else
            node.Source!.Read(node.SourceIndex, layer, buffer);
    }
}
