using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>
/// Tensors of one file that do not lie in it in their order, such as transposed ones, copied into memory of their own. All copies together
/// are at most as large as the file, so that a small file cannot ask for much memory.
/// </summary>
/// <param name="file">The file.</param>
internal sealed unsafe class TensorCopies(FileMemory file)
{
    private readonly Dictionary<string, FileMemory> _copies = new(StringComparer.Ordinal);
    private long _left = file.Length;

    /// <summary>The memory that was taken; it belongs to the caller.</summary>
    public IEnumerable<FileMemory> Memory => _copies.Values;

    /// <summary>A copy in the tensor's order; tensors that share all share their copy.</summary>
    public FileMemory Of(string name, PickleTensor tensor)
    {
        var key = $"{tensor.Storage.Offset} {tensor.Type} {tensor.First} {string.Join(',', tensor.Shape)} {string.Join(',', tensor.Strides)}";
        if (_copies.TryGetValue(key, out var known))
            return known;
        var bytes = tensor.Type.ByteLength(tensor.Elements);
        if (bytes > _left)
        {
            throw new CheckpointException($"{file.Path}: the tensor '{PickleKind.Printable(name)}' and others are transposed or cut out of others so often "
                + "that copies would take more memory than the file has bytes. Make the tensors contiguous before they are saved.");
        }
        _left -= bytes;
        var copy = FileMemory.Allocate(file.Path, bytes);
        _copies.Add(key, copy);
        Copy(tensor, file.Data + tensor.Storage.Offset, copy.Data);
        return copy;
    }

    private static void Copy(PickleTensor tensor, byte* storage, byte* destination)
    {
        var size = tensor.Type.BlockBytes();
        var (shape, strides) = (tensor.Shape, tensor.Strides);
        var last = shape.Length - 1;
        var index = new long[shape.Length];
        for (long done = 0; done < tensor.Elements; done += shape[last])
        {
            var from = tensor.First;
            for (var i = 0; i < last; i++)
                from += index[i] * strides[i];
            for (long i = 0; i < shape[last]; i++, destination += size)
                CopyNumber(storage + ((from + (i * strides[last])) * size), destination, size);
            for (var i = last - 1; i >= 0 && ++index[i] == shape[i]; i--)
                index[i] = 0;
        }
    }

    private static void CopyNumber(byte* from, byte* to, int size)
    {
        switch (size)
        {
            case 1: *to = *from; break;
            case 2: *(ushort*)to = *(ushort*)from; break;
            case 4: *(uint*)to = *(uint*)from; break;
            default: *(ulong*)to = *(ulong*)from; break;
        }
    }
}
