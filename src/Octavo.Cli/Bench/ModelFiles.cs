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
    public static long Bytes(string path)
    {
        if (Directory.Exists(path))
            return HubWeights.FilesIn(path).Sum(Length);
        var name = Path.GetFileName(path);
        var part = Part().Match(name);
        if (!part.Success)
            return Length(path);
        var stem = name[..part.Index];
        return Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, "*.gguf")
            .Where(file => Path.GetFileName(file) is var other && Part().Match(other) is { Success: true } match
                && other[..match.Index] == stem && match.Groups["count"].Value == part.Groups["count"].Value)
            .Sum(Length);
    }

    private static long Length(string file) => new FileInfo(file).Length;

    [GeneratedRegex(@"-\d{5}-of-(?<count>\d{5})\.gguf$")]
    private static partial Regex Part();
}
