using System.Text.RegularExpressions;

namespace Octavo.Core.Store;

/// <summary>Tells which model a folder holds.</summary>
public static partial class ModelFolder
{
    /// <summary>
    /// The folder itself where it holds safetensors under their standard name or an index of them, or no GGUF file at all; otherwise its
    /// only GGUF file, the first part where that is split. A GGUF file goes before a <c>pytorch_model.bin</c>.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The path to open.</returns>
    /// <exception cref="ConfigException">There are several GGUF files; the message names them.</exception>
    public static string Pick(string folder)
    {
        if (HoldsSafetensors(folder))
            return folder;
        var files = GgufFiles(folder);
        return files.Count switch
        {
            0 => folder,
            1 => files[0],
            _ => throw new ConfigException(
                $"{folder} holds {files.Count} GGUF models; give one of them:\n  " + string.Join("\n  ", files.Take(20))),
        };
    }

    internal static bool HoldsSafetensors(string folder) =>
        File.Exists(Path.Combine(folder, "model.safetensors")) || Directory.EnumerateFiles(folder, "*.safetensors.index.json").Any();

    /// <summary>The GGUF files of a folder in order of their names: of a split one the first part that is there.</summary>
    /// <param name="folder">An existing folder.</param>
    internal static IReadOnlyList<string> GgufFiles(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Where(file => file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .DistinctBy(Stem, StringComparer.Ordinal),
    ];

    /// <summary>A model file's name without its ending and without the number of its part.</summary>
    internal static string Stem(string path) => Part().Replace(Path.GetFileNameWithoutExtension(path), "");

    [GeneratedRegex(@"-\d{5}-of-\d{5}$")]
    private static partial Regex Part();
}
