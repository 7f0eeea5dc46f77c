using Octavo.Core;
using Octavo.Core.Gguf;
using Octavo.Core.Safetensors;

namespace Octavo.Models.Conversion;

/// <summary>Writes a planned checkpoint aside and gives it its name when it is whole.</summary>
internal static class ModelWriter
{
    /// <summary>Refuses to write over what is read from.</summary>
    /// <exception cref="ConfigException">The destination is the source, holds it or lies in it.</exception>
    public static void CheckPlace(Checkpoint source, string destination)
    {
        var (from, to) = (Full(source.Path), Full(destination));
        if (from.StartsWith(to, StringComparison.Ordinal) || (to.StartsWith(from, StringComparison.Ordinal) && Directory.Exists(source.Path)))
            throw new ConfigException($"{destination}: the destination is where {source.Path} lies. Choose another place.");

        static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) + Path.DirectorySeparatorChar;
    }

    /// <summary>Writes a GGUF file.</summary>
    public static IReadOnlyList<string> Gguf(
        Checkpoint source, ModelConversion plan, string path, bool overwrite, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (!overwrite && File.Exists(path))
            throw Exists(path);
        var keys = new Dictionary<string, object>(plan.Metadata!, StringComparer.Ordinal);
        var notes = GgufExtras.Add(source, keys);
        GgufWriter.Write(path, Ordered(keys), plan.OutgoingTensors(progress, cancellationToken), overwrite);
        return notes;
    }

    /// <summary>Writes a folder in the hub's layout.</summary>
    public static IReadOnlyList<string> Hub(
        Checkpoint source, ModelConversion plan, string folder, bool overwrite, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var isThere = Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any();
        if (File.Exists(path) || (isThere && !overwrite))
            throw Exists(folder);
        if (isThere && !File.Exists(Path.Combine(path, "config.json")))
            throw new ConfigException($"{folder}: the folder holds files but no model; only a model's folder is overwritten. Choose another place.");
        var aside = path + ".incomplete";
        try
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            Directory.CreateDirectory(aside);
            var notes = HubFiles.Write(source, plan.Config!, aside);
            SafetensorsWriter.WriteFolder(
                aside, plan.OutgoingTensors(progress, cancellationToken), new Dictionary<string, string> { ["format"] = "pt" });
            Rename(aside, path, isThere);
            return notes;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{folder}: the folder cannot be written: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new ResourceException($"{folder}: writing stopped: {error.Message} Nothing was kept.", error);
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
    }

    private static void Rename(string aside, string path, bool isThere)
    {
        var old = path + ".replaced";
        if (isThere)
            Directory.Move(path, old);
        else if (Directory.Exists(path))
            Directory.Delete(path);
        Directory.Move(aside, path);
        if (isThere)
            Directory.Delete(old, recursive: true);
    }

    // general keys first, then the architecture's, then the tokenizer's
    private static Dictionary<string, object> Ordered(Dictionary<string, object> keys) => keys
        .OrderBy(pair => pair.Key.StartsWith("general.", StringComparison.Ordinal) ? 0 : pair.Key.StartsWith("tokenizer.", StringComparison.Ordinal) ? 2 : 1)
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    private static ConfigException Exists(string path) =>
        new($"{path}: there is something already. Choose another place, or say that it is to be overwritten.");
}
