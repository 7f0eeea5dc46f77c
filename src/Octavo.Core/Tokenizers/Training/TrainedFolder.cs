using Octavo.Core.Store;

namespace Octavo.Core.Tokenizers.Training;

/// <summary>Writes a folder aside, has it checked, and gives it its name.</summary>
internal static class TrainedFolder
{
    /// <summary>The file that names special tokens.</summary>
    public const string SpecialName = "special_tokens_map.json";

    private static readonly string[] _names = ["tokenizer.json", "tokenizer_config.json", SpecialName];

    /// <summary>Refuses a place that could not be written to, before anything is computed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="overwrite">Whether a tokenizer that is there is replaced.</param>
    /// <exception cref="ConfigException">It is a file, holds something else, or holds a tokenizer that is not to be replaced.</exception>
    public static void Check(string folder, bool overwrite)
    {
        var place = IncompleteFolder.PlaceOf(folder);
        if (File.Exists(place))
            throw new ConfigException($"{folder}: is a file; give a folder.");
        if (!Directory.Exists(Path.GetDirectoryName(place)))
            throw new ConfigException($"{folder}: the folder around it does not exist; make it first.");
        if (!Directory.Exists(place))
            return;
        var entries = Directory.EnumerateFileSystemEntries(place).Select(Path.GetFileName).ToArray();
        if (Array.Find(entries, name => !_names.Contains(name)) is { } foreign)
            throw new ConfigException($"{folder}: the folder holds '{foreign}', which replacing it would take away. Choose another place.");
        if (entries.Length > 0 && !overwrite)
            throw new ConfigException($"{folder}: there is a tokenizer already. Choose another place, or overwrite it.");
    }

    /// <summary>Writes the files.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="files">What.</param>
    /// <param name="overwrite">Whether a tokenizer that is there is replaced.</param>
    /// <param name="check">Given the folder that is written aside; throws where it is wrong.</param>
    public static void Write(
        string folder, IReadOnlyList<(string Name, byte[] Content)> files, bool overwrite, Action<string> check)
    {
        Check(folder, overwrite);
        using var made = new IncompleteFolder(folder);
        foreach (var (name, content) in files)
        {
            using var file = new IncompleteFile(Path.Combine(made.Aside, name));
            file.Write(stream => stream.Write(content));
            file.Keep(overwrite: false);
        }
        check(made.Aside);
        made.Keep(overwrite);
    }
}
