using System.Text;
using Octavo.Core.Tensors;

namespace Octavo.Core.TorchPickle;

/// <summary>Tells the formats of torch.save apart: a zip archive since torch 1.6, pickles and storages in a row before, a tar once.</summary>
internal static class TorchFile
{
    private const int TarMagicAt = 257;

    /// <summary>Reads what the file's pickle describes. No weight is read.</summary>
    /// <exception cref="CheckpointException">The file is no checkpoint, is damaged, or asks for more than weights need.</exception>
    public static object? ReadRoot(FileMemory file)
    {
        var head = file.Bytes(0, (int)Math.Min(file.Length, 512));
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
            return TorchArchive.ReadRoot(file);
        if (head.Length > 0 && (PickleOpcode)head[0] == PickleOpcode.Protocol)
            return LegacyFile.ReadRoot(file);
        if (head.Length >= TarMagicAt + 5 && head[TarMagicAt..].StartsWith("ustar"u8))
        {
            throw new UnsupportedException($"{file.Path}: this is a tar archive, the form of torch before 0.1.10. "
                + "Load it there and save it again; files of torch 0.1.10 and later are read.");
        }
        if (head.StartsWith("version https://git-lfs"u8))
            throw Refusal(file.Path, 0, "this is a pointer of Git LFS, not the weights; `git lfs pull` gets them");
        throw Refusal(file.Path, 0, head.Length == 0 ? "the file is empty" : "the file begins neither as a zip archive nor as a pickle");
    }

    /// <summary>The refusal of what stands at a byte of a file.</summary>
    public static CheckpointException Refusal(string path, long at, string rule, Exception? inner = null) =>
        new(new StringBuilder(path).Append(": byte ").Append(at).Append(": ").Append(rule)
            .Append(". Get the file again, or get the model as safetensors.").ToString(), inner);
}
