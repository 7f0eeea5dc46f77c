using Octavo.Core.Safetensors;
using Octavo.Core.Tensors;
using Octavo.Core.TorchPickle;

namespace Octavo.Core.Store;

/// <summary>The weights of a folder in the hub's layout, whichever of the hub's formats they are in.</summary>
public static class HubWeights
{
    /// <summary>The endings of files of torch.save.</summary>
    private static readonly string[] _torchEndings = [".bin", ".pt", ".pth"];

    /// <summary>Opens safetensors or a file of torch.save. A folder that holds both gives its safetensors.</summary>
    /// <param name="path">A folder, or a file or index of one of the formats.</param>
    /// <param name="memoryMap">False reads the tensors into memory instead of mapping them.</param>
    /// <exception cref="CheckpointException">The files are bad, or there are none; the message names the rule and the place.</exception>
    /// <exception cref="UnsupportedException">A tensor's type or the file's form is not supported.</exception>
    /// <exception cref="ResourceException">The memory does not suffice to read the files.</exception>
    public static TensorSource Open(string path, bool memoryMap = true)
    {
        var isTorch = Directory.Exists(path)
            ? !HasSafetensors(path) && TorchFolder.Holds(path)
            : IsTorchFile(path) || path.EndsWith(TorchFolder.IndexSuffix, StringComparison.Ordinal);
        return isTorch ? TorchPickleSource.Open(path, memoryMap) : SafetensorsSource.Open(path, memoryMap);
    }

    /// <summary>Whether a file's ending is one of torch.save's: <c>.bin</c>, <c>.pt</c>, <c>.pth</c>.</summary>
    /// <param name="path">A file's name or path.</param>
    public static bool IsTorchFile(string path) => _torchEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The files of a folder that hold weights: its safetensors, or where it has none torch's standard file or its shards.</summary>
    /// <param name="folder">An existing folder.</param>
    public static IReadOnlyList<string> FilesIn(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*" + SafetensorsFolder.FileSuffix).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 || !TorchFolder.Holds(folder)
            ? files
            : [.. Directory.EnumerateFiles(folder, "pytorch_model*" + TorchFolder.FileSuffix).Order(StringComparer.Ordinal)];
    }

    private static bool HasSafetensors(string folder) => Directory.EnumerateFiles(folder).Any(file =>
        file.EndsWith(SafetensorsFolder.FileSuffix, StringComparison.Ordinal) || file.EndsWith(SafetensorsFolder.IndexSuffix, StringComparison.Ordinal));
}
