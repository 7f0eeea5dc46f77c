using System.Text.RegularExpressions;
using Octavo.Core.Store;

namespace Octavo.Cli.Bench;

/// <summary>The files that a model's weights lie in.</summary>
internal static partial class ModelFiles
{
    /// <summary>The model's name: that of its file or folder, without the numbers of a split.</summary>
    /// <param name="path">Folder or file, resolved.</param>
    public static string Name(string path) => Part().Replace(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), ".gguf");

    /// <summary>Bytes of all parts or shards.</summary>
    /// <param name="path">Folder or file, resolved.</param>
    public static long Bytes(string path) => Files(path).Sum(file => new FileInfo(file).Length);

    /// <summary>All parts or shards, in the order of their names.</summary>
    /// <param name="path">Folder or file, resolved.</param>
    public static IReadOnlyList<string> Files(string path)
    {
        if (Directory.Exists(path))
            return HubWeights.FilesIn(path);
        var name = Path.GetFileName(path);
        var part = Part().Match(name);
        if (!part.Success)
            return [path];
        var stem = name[..part.Index];
        return [.. Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, "*.gguf")
            .Where(file => Path.GetFileName(file) is var other && Part().Match(other) is { Success: true } match
                && other[..match.Index] == stem && match.Groups["count"].Value == part.Groups["count"].Value)
            .Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"-\d{5}-of-(?<count>\d{5})\.gguf$")]
    private static partial Regex Part();
}
